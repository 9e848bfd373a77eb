"""What two files hold in the rooms of enrolment, money and care, merged and taken apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.books import require_agreement
from tests.care.factories import claim
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.people.database_rows import all_rows
from tests.register.factories import AT, person, places, system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.care.models import Claim
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.relief import apply_for_relief
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.models.calls_and_ledger import Call, ReliefApplication
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.family.members import family_told
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.trail import acting
from qafila.people.errors import (
    AlreadyMerged,
    BothHave,
    FileMerged,
    LaterMergeMet,
    OneOfTheFamily,
    WrittenSince,
)
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2026, 12, 1)
LATER = dt.datetime(2026, 12, 3, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _merged(kept: int, absorbed: int) -> int:
    return merge_persons(kept, absorbed, evidence={}, actor=system(), at=AT).merge


def _undone(merge: int, at: dt.datetime = AT) -> None:
    undo_merge(merge, actor=system(), at=at)


def _rights(person_id: int) -> str:
    return RightsPeriod.objects.filter(person_id=person_id).order_by("since").last().status  # type: ignore[union-attr]


def _paid_and_owing() -> tuple[Enrolment, Enrolment]:
    """A, who is paid up, and B, who owes four months."""
    paid, owing = in_arrears(0), in_arrears(4)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    run()
    pay(paid, 16352)
    bring_up_to_date(EVERYONE, actor=system(), at=AT)
    return paid, owing


def test_claims_of_one_act_by_both_files_stay_both_and_go_back() -> None:
    kept, absorbed = claim("paid"), claim("paid")
    before = all_rows()
    merge = _merged(kept.insured_id, absorbed.insured_id)
    together = Claim.objects.filter(insured_id=kept.insured_id, patient_id=kept.insured_id)
    assert together.count() == 2
    _undone(merge)
    assert all_rows() == before
    absorbed.refresh_from_db()
    assert absorbed.insured_id == absorbed.patient_id != kept.insured_id


def test_paid_cover_stands_until_somebody_decides() -> None:
    paid, owing = _paid_and_owing()
    before, rights = all_rows(), _rights(paid.person_id)
    assert _rights(owing.person_id) == "suspended"
    merge = _merged(paid.person_id, owing.person_id)
    assert Enrolment.objects.get(pk=owing.pk).undecided_since == AT.date()
    assert _rights(paid.person_id) == rights == "open"
    post_corrections(actor=system(), at=AT)
    require_agreement()
    _undone(merge)
    assert all_rows() == before
    assert _rights(owing.person_id) == "suspended"


def test_the_owing_file_kept_does_not_lose_the_cover_of_the_other() -> None:
    paid, owing = _paid_and_owing()
    rights = _rights(paid.person_id)
    _merged(owing.person_id, paid.person_id)
    assert Enrolment.objects.get(pk=owing.pk).undecided_since == AT.date()
    assert _rights(owing.person_id) == rights == "open"


def test_a_payment_since_is_refused_by_name_until_it_is_reversed() -> None:
    paid, owing = _paid_and_owing()
    merge = _merged(paid.person_id, owing.person_id)
    done = pay(paid, 4 * 16352)
    with pytest.raises(WrittenSince) as refused:
        _undone(merge)
    assert "(1)" in refused.value.sentence()
    reverse_payment(done.payment_id, reason="Whose?", on=AT.date(), actor=system(), at=AT)
    _undone(merge)
    require_agreement()
    assert not Call.objects.exclude(person_id__in=[paid.person_id, owing.person_id]).exists()
    assert _rights(owing.person_id) == "suspended"


def test_a_payment_since_stays_with_the_only_one_who_was_insured() -> None:
    paid = craftworker()
    run()
    merge = _merged(paid.person_id, person().pk)
    done = pay(paid, 16352)
    _undone(merge)
    assert done.allocated_centimes == 16352
    require_agreement()


def test_months_run_since_go_with_their_enrolment() -> None:
    """Money of one that paid calls of the other comes back to who paid."""
    paid, owing = _paid_and_owing()
    pay(paid, 3 * 16352)
    merge = _merged(paid.person_id, owing.person_id)
    with acting(system(), at=AT):  # somebody decided that both go on
        Enrolment.objects.update(undecided_since=None)
    run(DECEMBER, at=LATER)
    assert Call.objects.filter(person_id=paid.person_id, enrolment=owing).exists()
    _undone(merge, LATER)
    post_corrections(actor=system(), at=LATER)
    for one in (paid, owing):
        assert set(Call.objects.filter(enrolment=one).values_list("person_id")) == {
            (one.person_id,)
        }
    standing = Call.objects.filter(month=DECEMBER, corrected_centimes=0)
    assert sorted(standing.values_list("enrolment_id", flat=True)) == [paid.pk, owing.pk]
    require_agreement()


def test_a_wife_declared_by_both_is_one_member_with_both_days_kept() -> None:
    kept, absorbed = enrolled().person, enrolled().person
    wife = member(absorbed)
    day = dt.date(2026, 3, 1)
    with acting(system(), at=AT):
        Dependant.objects.filter(pk=wife.pk).update(joined_on=day)
        Dependant.objects.create(
            insured=kept, person=wife.person, relation="spouse", state="declared",
            since=dt.date(2026, 1, 5),
        )  # fmt: skip
    before = all_rows()
    merge = _merged(kept.pk, absorbed.pk)
    assert [one.person_id for one in family_told(kept).members] == [wife.person_id]
    assert family_told(kept).members[0].joined_on == day
    assert Dependant.objects.get(pk=wife.pk).since == wife.since
    _undone(merge)
    assert all_rows() == before


def test_husband_and_wife_are_not_one_person() -> None:
    wife = member(enrolled().person)
    before = all_rows()
    with pytest.raises(OneOfTheFamily):
        _merged(wife.insured_id, wife.person_id or 0)
    with pytest.raises(OneOfTheFamily):
        _merged(wife.person_id or 0, wife.insured_id)
    assert all_rows() == before


def test_two_requests_for_relief_are_decided_first() -> None:
    both = [registered(), registered()]
    with acting(system(), at=AT):
        for one in both:
            ReliefApplication.objects.create(
                person=one, state="running", applied_at=AT, taken_by_id=system().id
            )
    before = all_rows()
    with pytest.raises(BothHave) as refused:
        _merged(both[0].pk, both[1].pk)
    assert "%" not in refused.value.sentence()
    assert all_rows() == before


def test_no_verb_writes_on_a_merged_file() -> None:
    paid, owing = _paid_and_owing()
    _merged(paid.person_id, owing.person_id)
    hidden = owing.person_id
    with pytest.raises(FileMerged) as led:
        pay(owing, 100)
    assert led.value.kept == paid.person_id
    with pytest.raises(FileMerged):
        apply_for_relief(hidden, actor=system(), at=AT)


@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_database_itself_refuses_rows_on_a_merged_file(one_by_one: bool) -> None:
    """Also work on whole lists, which looks at nobody in particular."""
    kept, hidden = person(), person()
    other = enrolled().person
    _merged(kept.pk, hidden.pk)
    facts: dict[str, Any] = {"category": "craftworker", "state": "declared", "created_at": AT}
    rows = [
        Enrolment(person_id=n, effective_from=AT.date(), **facts) for n in (other.pk, hidden.pk)
    ]

    def write() -> None:
        with acting(system(), at=AT):
            if one_by_one:
                Enrolment.objects.filter(person=other).update(person=hidden)
            else:
                Enrolment.objects.bulk_create(rows)

    with pytest.raises(AlreadyMerged) as refused:
        write()
    assert str(hidden.pk) in refused.value.sentence()
    assert not Enrolment.objects.filter(person=hidden).exists()


def test_the_kept_file_may_be_merged_on_and_all_is_undone() -> None:
    files = [claim("paid").insured for _ in range(3)]
    before = all_rows()
    first = _merged(files[1].pk, files[2].pk)
    second = _merged(files[0].pk, files[1].pk)
    assert Claim.objects.filter(insured=files[0]).count() == 3
    _undone(second)
    _undone(first)
    assert all_rows() == before
    assert not Person.objects.filter(state="merged").exists()


def test_merges_whose_enrolments_met_are_undone_the_latest_first() -> None:
    paid, owing = _paid_and_owing()
    known_by_name = registered().pk
    before = all_rows()
    first = _merged(known_by_name, owing.person_id)
    later = _merged(known_by_name, paid.person_id)
    with pytest.raises(LaterMergeMet) as refused:
        _undone(first)
    assert str(paid.person_id) in refused.value.sentence()
    _undone(later)
    _undone(first)
    assert all_rows() == before
