"""What each member of the ensemble, explanation and filter brings: taken away, one at a time.

    python -m bench.ablation --seeds 401-410 [--of members]

Simulates a company for each seed and takes its raw logs to a lake, as `bench.peers` does (kept for
the next time). Cells are made, and the members vote, once; then each company is judged again and
again on the driver, each time without something. All companies are pooled, and each line is read at
thresholds that allow the same false (user, place) rows, 0.03, 0.1 and 0.3 each 1,000 user-days, as
well as at the product's own. Members are also left alone, and what each takes of the processor is
told.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bench.ablation.company import PARAMS, examined, scored
from bench.ablation.scores import RATES, Line, Scored, line
from bench.ablation.variants import GROUPS, Variant, variants
from bench.meter import BothClocks, Meter
from bench.peers import company
from bench.seeds import seeds
from jobs.runner import session


def say(text: str) -> None:
    """Tell what goes on, beside the table."""
    print(text, file=sys.stderr, flush=True)


def show(lines: Sequence[Line]) -> None:
    """Print the table."""
    rates = "".join(f"{f'at {rate}':>9}" for rate in RATES)
    print(f"attacks found of {lines[0].planted}, at so many false rows each 1,000 user-days, and")
    print(f"at {PARAMS.flagged_from}, the product's own threshold\n")
    print(
        f"{'':<34}{rates}{'own: found':>12}{'false':>7}{'per 1,000':>11}{'average precision':>19}"
    )
    for each in lines:
        at = "".join(f"{each.found_at[rate]:>9}" for rate in RATES)
        precision = each.average_precision or 0.0
        print(
            f"{each.name:<34}{at}{each.found:>12}{each.false:>7}"
            f"{each.false_per_1000_user_days:>11.2f}{precision:>19.4f}"
        )


def show_time(seconds: Mapping[str, float]) -> None:
    """Print what each stage takes of the processor."""
    total = sum(seconds.values()) or 1.0
    print(f"\n{'stage, all companies':<34}{'processor s':>12}{'share':>8}")
    for name, taken in seconds.items():
        print(f"{name:<34}{taken:>12.1f}{taken / total:>8.0%}")


def measured(
    companies: Iterable[tuple[str, Path]], of: Sequence[Variant], events: int, clocks: BothClocks
) -> Iterator[list[Line]]:
    """Judge every company without one thing after the other; yield the lines after each company.

    `events`: how many each has, by which Spark is set up as `antipode detect` does.
    """
    found: dict[str, list[Scored]] = {variant.name: [] for variant in of}
    with session(events=events) as spark:
        for lake, truth in companies:
            say("cells, verdicts, votes")
            one = examined(spark, lake, truth, clocks)
            for variant in of:
                started = time.monotonic()
                found[variant.name].append(scored(one, variant))
                say(f"{variant.name}: {time.monotonic() - started:.1f} s")
            yield [line(name, parts, PARAMS.flagged_from) for name, parts in found.items()]


def made(options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Make one company after the other."""
    for number, seed in enumerate(options.seeds, 1):
        say(f"seed {seed}, company {number} of {len(options.seeds)}: logs and lake")
        yield company(options.folder, seed, options.users, options.events)


def report(lines: Sequence[Line], clocks: BothClocks, of: Sequence[int]) -> dict[str, Any]:
    """Return the numbers ready for JSON."""
    return {
        "seeds": list(of),
        "flagged_from": PARAMS.flagged_from,
        "lines": [each.report() for each in lines],
        "processor_seconds": clocks.processor.seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.ablation", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seeds", type=seeds, default=[401], help="such as 401-403 or 401,405")
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "antipode-bench")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="the numbers, written after each company"
    )
    parser.add_argument("--of", nargs="+", choices=GROUPS, help="all of these by default")
    options = parser.parse_args()
    meter = Meter()
    clocks = BothClocks(meter)
    lines: list[Line] = []
    after_each = measured(made(options), variants(options.of or ()), options.events, clocks)
    for number, lines in enumerate(after_each, 1):
        if options.json:
            told = report(lines, clocks, options.seeds[:number])
            options.json.write_text(json.dumps(told, indent=2) + "\n")
    meter.stop()
    show(lines)
    show_time(clocks.processor.seconds)


if __name__ == "__main__":
    main()
