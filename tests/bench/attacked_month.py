"""A month in which one is attacked and two travel, for the ablation to take things out of."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import DAYS, Line, Month, boston, chicago, lagos, paris

ANA, TRAVELLERS = "ana@example.com", ("bob@example.com", "cleo@example.com")
FAR = (
    Line("126.0.1.5", "JP", "Tokyo", "Tokyo", 35.68, 139.69, 950),
    Line("177.0.1.5", "BR", "Sao Paulo", "Sao Paulo", -23.55, -46.63, 960),
)
WAY_OUT = paris("80.9.9.9", asn=850, kind="vpn")  # that many share: their visits


def a_month() -> Month:
    """Ana is attacked from Lagos, where somebody guessed before; two travel for two days."""
    month = Month()
    month.colleagues(25)
    for number in range(22):
        for day in (2, 9, 16):
            month.use(f"colleague{number}@example.com", WAY_OUT, day, 16.5, 9, "laptop")
    for number in range(5):
        month.use(f"colleague{number}@example.com", chicago(f"23.0.{number}.7"), 3, 14.6, agent="a")
    month.work(ANA, boston(), range(DAYS))
    for person, home, there in zip(TRAVELLERS, ("20.4.0.5", "20.4.1.5"), FAR, strict=True):
        month.work(person, boston(home), [day for day in range(DAYS) if day not in (14, 15)])
        month.work(person, there, [14, 15], hours=(8, 9))
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    month.fail(ANA, lagos(), 7, 15.4, events=2)
    return month
