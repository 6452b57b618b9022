"""`make faults-mutations`: takes each safeguard out in turn, and says whether the faults told.

    python -m faults.mutations --seed 1 [--rounds 1] [--kills 10]

Exit status 0 when each was told: lost or repeated above 0 without it.
"""

import argparse
import signal
import subprocess
import sys

from faults import child


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults.mutations", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kills", type=int, default=10)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and end what is under way
    rest = [f"--{name}={value}" for name, value in vars(given).items()]
    told = {safeguard: without(safeguard, rest) for safeguard in child.WITHOUT}
    for safeguard, line in told.items():
        print(f"without {safeguard}: {line or 'NOT told'}")
    return 0 if all(told.values()) else 1


def without(safeguard: str, rest: list[str]) -> str:
    """Run the faults without a safeguard; return their last line, nothing if they did not tell."""
    print(f"--- without {safeguard}", flush=True)
    command = [sys.executable, "-m", "faults", "--without", safeguard, *rest]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            said, _ = started.communicate()
        finally:
            started.terminate()  # it clears everything away; nothing to do where it has ended
    print(said, end="", flush=True)
    lines = said.splitlines() or [""]
    return lines[-1] if started.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
