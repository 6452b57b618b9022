"""What devices say they are: user agents by kind of device, always the same for a person."""

from models.simulator.diary import LAPTOP, PHONE, PROGRAM
from models.simulator.people import Person

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/"
CHROME = "Chrome/126.0.0.0 Safari/537.36"
# (user agent, operating system, browser)
AGENTS = {
    LAPTOP: (
        (WINDOWS + CHROME, "Windows 10", "CHROME"),
        (WINDOWS + CHROME + " Edg/126.0.0.0", "Windows 10", "EDGE"),
        (MAC + "537.36 (KHTML, like Gecko) " + CHROME, "Mac OS X", "CHROME"),
        (MAC + "605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "Mac OS X", "SAFARI"),
    ),
    PHONE: (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "iOS (iPhone)",
            "SAFARI",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Mobile Safari/537.36",
            "Android",
            "CHROME",
        ),
    ),
    PROGRAM: (
        ("aws-sdk-go/1.50.6 (go1.21.5; linux; amd64)", "Linux", "UNKNOWN"),
        ("python-requests/2.32.3", "Unknown", "UNKNOWN"),
        ("Boto3/1.34.131 md/Botocore#1.34.131 lang/python#3.11.9", "Linux", "UNKNOWN"),
    ),
}
STRANGERS = (
    *AGENTS[LAPTOP],
    ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", "Linux", "FIREFOX"),
    ("python-requests/2.31.0", "Unknown", "UNKNOWN"),
)
_KEYS = {device: f"agent/{device}" for device in AGENTS}
DEVICE_NAMES = {LAPTOP: "Computer", PHONE: "Mobile"}


def agent(person: Person, device: int, session: int) -> tuple[str, str, str]:
    """Return (user agent, operating system, browser) of a person's device in a session."""
    if device in AGENTS:
        choices = AGENTS[device]
        return choices[int(person.stable(_KEYS[device], "0123456789", 4)) % len(choices)]
    return STRANGERS[session % len(STRANGERS)]
