"""Assessed on Spark or here, a run posts the same: to the centime, and each call once."""

from __future__ import annotations

import builtins
import datetime as dt
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.contributions.factories import NOVEMBER, craftworker, run
from tests.enrolment.factories import enrolled
from tests.register.factories import person, places

from qafila.contributions.calls.assessment import LIABILITY_COLUMNS, assess
from qafila.contributions.calls.month_runs import runs, spark_engine
from qafila.contributions.calls.month_runs.spark_engine import (
    Workspace,
    assess_on_spark,
    open_spark,
    workspace,
)
from qafila.contributions.errors import SparkMissing
from qafila.contributions.models.calls_and_ledger import (
    Call,
    LedgerLine,
    Run,
    RunPart,
    WorkItem,
)

PEOPLE = 2_400
PARTS = 4
# One worker starts Spark, once.
pytestmark = pytest.mark.xdist_group("spark")
CATEGORIES = ("craftworker", "cpu", "auto-entrepreneur", "accounts")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    # Java comes with no package of ours; without it nobody here can run a month on Spark either.
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    session = open_spark()
    yield session
    session.stop()


def random_people() -> pa.Table:
    """Every category, with several activities, with facts that are missing or unknown."""
    luck = random.Random(7)
    rows: list[dict[str, object]] = []
    for person_id in range(1, PEOPLE + 1):
        for _ in range(luck.choice((1, 1, 1, 2, 3))):
            rows.append(
                {
                    "enrolment_id": len(rows) + 1,
                    "person_id": person_id,
                    "category": luck.choice(CATEGORIES),
                    "annual_tax_centimes": luck.choice((None, luck.randrange(5_000_000))),
                    "regime": luck.choice((None, "rns", "rnr", "cgnc")),
                    "profit_centimes": luck.choice((None, luck.randrange(90_000_000))),
                    "region_code": f"{luck.randrange(1, 13):02}",
                }
            )
    return pa.Table.from_pylist(rows, schema=pa.schema(LIABILITY_COLUMNS.items()))


def in_parts(work: Workspace, people: pa.Table) -> dict[int, pa.Table]:
    """The facts of so many ranges of persons, written down as a run does."""
    size = PEOPLE // PARTS
    parts = {}
    for part in range(PARTS):
        first, last = part * size + 1, (part + 1) * size
        known = pc.and_(
            pc.greater_equal(people["person_id"], first), pc.less_equal(people["person_id"], last)
        )
        parts[part] = people.filter(known).combine_chunks()
        work.keep_facts(part, parts[part])
    return parts


@pytest.mark.parametrize("month", [dt.date(2022, 10, 1), dt.date(2024, 1, 1), NOVEMBER])
def test_spark_and_here_give_the_same_cents_and_park_the_same(
    month: dt.date, spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path) as work:
        parts = in_parts(work, random_people())
        assess_on_spark(work, month, spark)
        here = {part: assess(facts, month) for part, facts in parts.items()}
        # From here on nothing is assessed in this process: what comes is Spark's.
        monkeypatch.setattr(spark_engine, "assess", None)
        refusals: set[str] = set()
        for part, facts in parts.items():
            there = work.assessed(part, facts, month)
            assert there.due.select(here[part].due.column_names).equals(here[part].due)
            assert there.parked.equals(here[part].parked.select(there.parked.column_names))
            refusals.update(here[part].parked["refusal"].to_pylist())
    assert refusals
    assert list(tmp_path.iterdir()) == []


def test_facts_that_changed_meanwhile_are_assessed_again(spark: Any, tmp_path: Path) -> None:
    with workspace(tmp_path) as work:
        parts = in_parts(work, random_people())
        assess_on_spark(work, NOVEMBER, spark)
        fewer = parts[0].slice(3)
        assert work.assessed(0, fewer, NOVEMBER).due.equals(assess(fewer, NOVEMBER).due)


@pytest.fixture
def _people(db: None, spark: Any, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    places()
    for _ in range(4):
        craftworker()
    enrolled(person(), category="accounts", regime="rns")
    enrolled(person(), category="cpu", annual_tax_dh=None)


def posted() -> list[tuple[object, ...]]:
    columns = ("enrolment_id", "month", "category", "amount_centimes", "due_on", "region_code")
    return list(Call.objects.order_by("enrolment_id", "month").values_list(*columns))


@pytest.mark.usefixtures("_people")
def test_a_run_on_spark_posts_what_the_local_one_posts(tmp_path: Path) -> None:
    october = dt.date(2026, 10, 1)
    here, there = run(october), run(NOVEMBER, engine="spark", persons_per_part=2)
    assert (there.calls, there.total_centimes, there.parked) == (5, here.total_centimes, 1)
    calls = posted()
    by_month = {
        month: [(row[0], row[2], row[3], row[5]) for row in calls if row[1] == month]
        for month in (october, NOVEMBER)
    }
    assert by_month[october] == by_month[NOVEMBER]
    assert WorkItem.objects.filter(kind="missing_fact").exists()
    assert not list(tmp_path.glob("run-on-spark-*"))


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(("begun", "ended"), [("local", "spark"), ("spark", "local")])
def test_a_run_begun_with_one_engine_is_finished_with_the_other(
    begun: runs.Engine, ended: runs.Engine
) -> None:
    def cut_short(done: int, parts: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(engine=begun, persons_per_part=2, on_progress=cut_short)
    assert RunPart.objects.exclude(posted_at=None).count() == 1
    outcome = run(engine=ended)
    assert Run.objects.get().state == "posted"
    assert (outcome.calls, Call.objects.count(), LedgerLine.objects.count()) == (5, 5, 10)
    again = run(engine=begun)
    assert (again.parts_posted_now, Call.objects.count()) == (0, 5)


@pytest.mark.django_db
def test_without_spark_nothing_is_called_and_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places()
    craftworker()
    importing = builtins.__import__

    def without_spark(name: str, *rest: Any) -> Any:
        if name.startswith("pyspark"):
            raise ImportError(name)
        return importing(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_spark)
    with pytest.raises(SparkMissing) as refusal:
        run(engine="spark")
    assert "qafila[spark]" in refusal.value.sentence()
    assert not Call.objects.exists()
