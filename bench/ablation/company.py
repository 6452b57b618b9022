"""A company gone through once, and judged again with something left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import duckdb
from pyspark.sql import SparkSession

from bench.ablation.attacks import Attacks, attacks_by_address
from bench.ablation.scores import Row, Scored
from bench.ablation.variants import Again, Variant, Voting
from bench.peers import DAYS
from conf.settings import Settings
from jobs import detect, evaluate
from jobs.runner import read_events
from lake.lake import Lake
from lake.sql import define_view
from models import ensemble, patience, rarity
from models.cells import collect_cells
from models.columns import Floats
from models.company import Company, company
from models.context import Context
from models.detection import prepared
from models.ensemble import Scores
from models.judge import Verdict, judge_all, logistic
from models.pairs import Pairs
from models.params import Params
from models.stages import Stages
from models.votes import support, votes
from models.window import Window

PARAMS = Params()


@dataclass(frozen=True)
class Judged:
    """What was learned of a company, how its cases were judged, how strange members find it."""

    context: Context
    verdicts: Sequence[Verdict]
    scores: Scores


@dataclass(frozen=True)
class Examined:
    """A company that everything was done with once; `planted`: how many attacks there are."""

    known: Company
    judged: Judged
    attacks: Attacks
    planted: int
    user_days: int


def examined(spark: SparkSession, uri: str, truth: Path, stages: Stages) -> Examined:
    """Go through a lake as `antipode detect` does, up to the verdicts and votes."""
    lake, outcome = Lake(uri, Settings()), evaluate.read(uri, truth, Settings())
    table = lake.table("events")
    (tenant,) = detect.known_tenants(lake)  # a company a lake
    as_of = detect.newest_day(table, tenant) + timedelta(days=1)
    window, files = Window.before(as_of, DAYS), table.files(tenant)
    with stages.stage("cells"):
        events = read_events(spark, [file.path for file in files], f"{lake.uri}/events")
        cells = collect_cells(events, window)
    known = company(cells)
    connection = duckdb.connect()
    define_view(connection, table)
    return Examined(
        known=known,
        judged=judged(known, None, stages),
        attacks=attacks_by_address(connection, cells, known, outcome.truth),
        planted=len({line.attack for line in outcome.truth}),
        user_days=outcome.user_days,
    )


def judged(known: Company, scores: Scores | None, stages: Stages) -> Judged:
    """Learn and judge; without scores let the members score."""
    with stages.stage("learn"):
        context, _ = prepared(known)
    with stages.stage("explain"):
        verdicts = judge_all(context, PARAMS.threshold)
    return Judged(context, verdicts, scores or scored_alone(context, stages))


def scored_alone(context: Context, stages: Stages) -> Scores:
    """Let one member score after the other, so that what each takes is known."""
    found: dict[str, Floats] = {}
    for name in ensemble.members():
        with patch.object(ensemble, "members", lambda alone=name: [alone]):
            found |= ensemble.scores(context, PARAMS, stages).of_member
    return Scores(Pairs.of(context), found)


def scored(company: Examined, variant: Variant) -> Scored:
    """Judge a company as one line of the table says."""
    done = company.judged
    with variant.without():
        if variant.again is not Again.SCORED:
            kept = done.scores if variant.again is Again.JUDGED else None
            done = judged(company.known, kept, Stages())
        return Scored(
            rows(done, variant.voting, company.attacks), company.planted, company.user_days
        )


def rows(done: Judged, voting: Voting, attacks: Attacks) -> list[Row]:
    """Return each (person, place) that may be flagged, with its log-odds less those needed more."""
    known = done.context.known
    hits: dict[tuple[int, int], frozenset[str]] = {}
    for (person, address), names in attacks.items():
        pair = person, int(known.addresses.place[address])
        hits[pair] = hits.get(pair, frozenset()) | names
    cast, judged_places = votes(done.scores, done.verdicts), []
    for verdict in done.verdicts:
        for place in verdict.case.places:
            given = cast.of(verdict.case.person, place)
            moved = support(vote for name, vote in given.items() if voting(name))
            usual = verdict.log_odds - patience.needed(known, verdict)
            judged_places.append((verdict.case.person, place, usual + moved))
    rare = rarity.needed(known, (logistic(log_odds) for _, _, log_odds in judged_places))
    return [
        Row(log_odds - rare, hits.get((person, place), frozenset()))
        for person, place, log_odds in judged_places
    ]
