"""The history of a file: the traces of all rooms joined, machines told apart, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from tests.register.factories import AT, agent, listed, person, places, system

from qafila.accompaniment import history
from qafila.accompaniment.contacts import record_contact
from qafila.accompaniment.history import history_of, place_of
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.trail import acting
from qafila.lists.models import CandidatePair
from qafila.lists.reviewing.deciding import decide_pair
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def _told(person_id: int, kind: str = "") -> list[str]:
    found = history_of(person_id, today=TODAY, scope=WHOLE_COUNTRY, kind=kind)
    return [one.verb for one in found.happened]


def test_what_was_decided_about_the_other_side_of_a_pair_is_told_too() -> None:
    left, right = person(), person()
    hassan = agent(Role.CHAMBER_STAFF, provinces=("09.001",))
    rows = [listed(one, "chamber") for one in (left, right)]
    with acting(system(), at=AT):
        pair = CandidatePair.objects.create(
            left=rows[0], right=rows[1], probability=0.6, state="waiting"
        )
    decide_pair(pair.pk, same=False, actor=hassan, at=AT)
    assert set(_told(left.pk)) == {"lists.pair_different", "lists.row"}
    found = history_of(right.pk, today=TODAY, scope=WHOLE_COUNTRY).happened
    assert {one.verb for one in found} == {"lists.pair_different", "lists.row"}
    [decided] = [one for one in found if not one.machine]
    assert decided.names[0] == hassan.name


def test_a_merge_is_told_on_both_files_and_so_is_its_end() -> None:
    kept, absorbed = person(), person()
    merge = merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system(), at=AT)
    later = AT + dt.timedelta(minutes=5)
    undo_merge(merge.merge, actor=agent(Role.CHAMBER_STAFF, provinces=("09.001",)), at=later)
    assert _told(kept.pk) == ["people.merge_undone", "people.persons_merged"]
    assert _told(absorbed.pk) == ["people.absorbed_undone", "people.absorbed"]


def test_money_that_came_in_a_file_is_told_once_and_by_kind() -> None:
    fatima = person()
    with acting(system(), at=AT):
        file = PaymentFile.objects.create(
            file_name="payments.csv", sha256="1" * 64, channel="bank", received_at=AT,
            received_by_id=system().id,
        )  # fmt: skip
        Payment.objects.create(
            payment_file=file, reference="R1", channel="bank", person=fatima, amount_centimes=5000,
            unallocated_centimes=5000, paid_on=TODAY, recorded_at=AT,
        )  # fmt: skip
    [one] = history_of(fatima.pk, today=TODAY, scope=WHOLE_COUNTRY, kind="money").happened
    assert one.machine
    assert "50.00 DH" in one.sentence
    assert _told(fatima.pk, "care") == []


def test_pages_hold_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fatima = person()
    youssef = agent(Role.FIELD_AGENT, provinces=("09.001",))
    for number in range(7):
        told = {"channel": "visit", "note": f"Visit {number}.", "actor": youssef}
        record_contact(person_id=fatima.pk, at=AT + dt.timedelta(minutes=number // 2), **told)
    monkeypatch.setattr(history, "A_PAGE", 3)
    seen, before = [], ""
    for _page in range(3):
        page = history_of(fatima.pk, today=TODAY, scope=WHOLE_COUNTRY, before=before)
        seen += [one.sentence for one in page.happened]
        before = page.before
    assert before == ""
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "before",
    ["", "x", "2026-11-01_", "2026-11-01T10:00:00_j1", "_",
     "9999-12-31T23:59:59-23:59_j1", "2026-11-01T10:00:00+00:00_\x00",
     "2026-11-01T10:00:00+00:00_"],
)  # fmt: skip
def test_a_place_that_cannot_be_read_is_the_beginning(before: str) -> None:
    assert place_of(before) == history._LAST
