"""Dependants by age and situation; reimbursement by kind of care and place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qafila_law import (
    Call,
    Custody,
    Dependant,
    Enrolment,
    Family,
    LawError,
    Link,
    Proof,
    RightsFacts,
    Spell,
    Status,
    claim_deadline,
    claim_in_time,
    dependant_standing,
    dependants,
    explain,
    reimbursement,
    rights,
)  # fmt: skip
from qafila_law.reforms.readings import under

TODAY = date(2026, 11, 22)
YEAR = (Proof(date(2026, 9, 1), date(2027, 9, 1)),)


def answer(one: Dependant, on: date = TODAY, **family: Any) -> Any:
    return dependants(Family((one,), **family), on)[0]


def child(born: str, **facts: Any) -> Dependant:
    return Dependant("c", Link.CHILD, date.fromisoformat(born), **facts)


@pytest.mark.parametrize(
    ("one", "on", "covered", "reason", "until"),
    [
        (child("2010-05-05"), "2026-11-22", True, "child", "2031-05-05"),
        (child("2005-11-23"), "2026-11-22", True, "child", "2026-11-23"),
        (child("2005-11-22"), "2026-11-22", False, "schooling_proof_missing", "2035-11-22"),
        (child("2002-01-01", schooling=YEAR), "2026-11-22", True, "student", "2027-09-01"),
        (child("2002-01-01", schooling=YEAR, married=True), "2026-11-22", False, "married_child",
         "2032-01-01"),  # no longer at 26: law 54-23 comes before
        # 26 on 1 December 2026, then law 54-23 carries students to 30
        (child("2000-12-01", schooling=YEAR), "2026-11-30", True, "student", "2026-12-01"),
        (child("2000-12-01", schooling=YEAR), "2026-12-15", False, "too_old", "2027-02-01"),
        (child("2000-12-01", schooling=YEAR), "2027-02-01", True, "student", "2027-09-01"),
        (child("1997-02-01", schooling=YEAR), "2027-02-01", False, "too_old", None),
        (child("1980-01-01", disabled=True), "2026-11-22", True, "disabled", None),
        (child("2026-12-25"), "2026-11-22", False, "not_born", "2026-12-25"),
        (Dependant("c", Link.CHILD), "2026-11-22", False, "birth_date_missing", None),
        (Dependant("k", Link.TAKEN_IN, date(2020, 2, 29)), "2026-11-22", True, "taken_in",
         "2041-03-01"),
        (Dependant("s", Link.SPOUSE), "2026-11-22", True, "spouse", None),
        (Dependant("s", Link.SPOUSE, has_own_scheme=True), "2026-11-22", False, "has_own_scheme",
         None),
        (Dependant("s", Link.SPOUSE, divorced_on=date(2026, 1, 31)), "2026-11-22", True,
         "after_divorce", "2027-01-31"),
        (Dependant("s", Link.SPOUSE, divorced_on=date(2025, 1, 31)), "2026-11-22", False,
         "divorced", None),
        (child("2010-05-05", deceased_on=date(2026, 1, 1)), "2026-11-22", False, "deceased", None),
        (Dependant("s", Link.SPOUSE, joined_on=date(2026, 12, 1)), "2026-11-22", False,
         "not_joined", "2026-12-01"),
        (Dependant("s", Link.SPOUSE, own_schemes=(Spell(date(2026, 1, 1), date(2027, 1, 1)),)),
         "2026-11-22", False, "has_own_scheme", "2027-01-01"),
        (child("2007-01-01", own_schemes=(Spell(date(2026, 1, 1)),)), "2026-11-22", False,
         "child_has_own_scheme", None),
        (child("2000-01-01", disabled_since=date(2026, 1, 1)), "2026-11-22", True, "disabled",
         None),
        (child("2002-01-01", schooling=YEAR, married_on=date(2027, 1, 1)), "2026-11-22", True,
         "student", "2027-01-01"),
    ],
)  # fmt: skip
def test_dependants_of_a_father(
    one: Dependant, on: str, covered: bool, reason: str, until: str | None
) -> None:
    found = answer(one, date.fromisoformat(on))
    assert (found.covered, found.reason) == (covered, reason)
    assert (found.until and found.until.isoformat()) == until
    assert len(found.steps) == 1


@pytest.mark.parametrize(
    ("is_father", "custody", "other_insured", "reason"),
    [
        (True, None, True, "child"),
        (False, None, True, "declared_with_father"),
        (False, None, False, "child"),
        (True, Custody.OTHER_PARENT, True, "declared_with_other_parent"),
        (False, Custody.INSURED, True, "child"),
        (True, Custody.THIRD_PERSON, True, "child"),
        (True, Custody.OTHER_PARENT, False, "child"),
    ],
)
def test_where_a_child_is_declared(
    is_father: bool, custody: Custody | None, other_insured: bool, reason: str
) -> None:
    one = child("2015-01-01", custody=custody, other_parent_insured=other_insured)
    assert answer(one, insured_is_father=is_father).reason == reason


def test_the_family_is_covered_for_two_years_after_a_death() -> None:
    died = date(2025, 3, 31)
    found = answer(child("2015-01-01"), insured_deceased_on=died)
    assert (found.reason, found.until) == ("after_death", date(2027, 3, 31))
    later = answer(child("2015-01-01"), date(2027, 3, 31), insured_deceased_on=died)
    assert (later.covered, later.reason) == (False, "after_death_ended")
    closed = rights(RightsFacts((Enrolment(date(2022, 1, 1)),), deceased_on=died), date(2025, 4, 1))
    assert dependant_standing(closed, found)[0] is Status.OPEN
    assert dependant_standing(closed, later) == (Status.CLOSED, "after_death_ended")
    without = dependant_standing(closed, found, open_at_death=False)
    assert without == (Status.CLOSED, "insured_deceased")


def test_a_covered_dependant_has_the_rights_of_the_insured_person() -> None:
    unpaid = Call(date(2026, 1, 1), date(2026, 2, 28), 16_352)
    insured = rights(RightsFacts((Enrolment(date(2026, 1, 1)),), (unpaid,)), TODAY)
    found = answer(Dependant("s", Link.SPOUSE))
    assert dependant_standing(insured, found) == (Status.SUSPENDED, "never_paid")


@pytest.mark.parametrize(
    "one",
    [
        child("2005-01-01", schooling=(Proof(date(2026, 9, 1), date(2026, 9, 1)),)),
        child("2005-01-01", deceased_on=date(2004, 1, 1)),
    ],
)
def test_contradictions_are_refused(one: Dependant) -> None:
    with pytest.raises(LawError) as refusal:
        answer(one)
    assert refusal.value.code == "contradictory_facts"


@pytest.mark.parametrize(
    ("care", "place", "illness", "back", "most"),
    [
        ("ambulatory", None, None, 10_500, 10_500),  # 150 × 70 %
        ("hospital", "private", None, 10_500, 10_500),
        ("hospital", "public", None, 13_500, 13_500),  # 150 × 90 %
        ("medicine", None, None, 10_500, 10_500),
        ("ambulatory", None, "ald", 11_550, 14_550),  # 150 × 77 to 97 %
        ("hospital", "public", "alc", 13_500, 15_000),  # 150 × 90 to 100 %
    ],
)
def test_reimbursement(
    care: str, place: str | None, illness: str | None, back: int, most: int
) -> None:
    found = reimbursement(
        care, TODAY, tariff_centimes=15_000, paid_centimes=20_000, place=place, illness=illness
    )
    assert (found.reimbursed_centimes, found.highest_reimbursed_centimes) == (back, most)
    assert found.left_to_pay_centimes == 20_000 - back


def test_never_more_than_was_paid() -> None:
    found = reimbursement("ambulatory", TODAY, tariff_centimes=15_000, paid_centimes=5_000)
    assert (found.reimbursed_centimes, found.left_to_pay_centimes) == (5_000, 0)


def test_time_limits_of_claims() -> None:
    assert claim_deadline(TODAY) == date(2027, 1, 22)
    assert claim_in_time(TODAY, date(2027, 1, 22))
    assert not claim_in_time(TODAY, date(2027, 1, 23))
    # The care sheet says two months: 31 August is in time for care of 1 July.
    assert claim_in_time(date(2026, 7, 1), date(2026, 8, 31))
    assert claim_deadline(date(2026, 12, 31)) == date(2027, 2, 28)
    filed = reimbursement("medicine", TODAY, tariff_centimes=1, filed_on=TODAY)
    assert filed.refund_by == date(2027, 1, 21)


def test_continuous_care_is_claimed_within_sixty_days_of_its_end() -> None:
    began, ended = date(2026, 3, 1), date(2026, 7, 1)
    assert claim_deadline(began, ended_on=ended) == date(2026, 8, 30)
    assert claim_in_time(began, date(2026, 8, 30), ended_on=ended)
    with pytest.raises(LawError):
        claim_deadline(ended, ended_on=began)


def test_a_last_day_on_a_weekend_moves_by_the_other_reading_only() -> None:
    care = date(2026, 7, 1)  # two months later is a Tuesday
    assert claim_deadline(date(2026, 7, 5)) == date(2026, 9, 5)  # a Saturday
    with under("claim_last_day_moves"):
        assert claim_deadline(date(2026, 7, 5)) == date(2026, 9, 7)
        assert claim_deadline(care) == date(2026, 9, 1)


def test_sixty_days_from_the_care_are_another_reading() -> None:
    care = date(2026, 7, 1)
    assert claim_in_time(care, date(2026, 8, 31))
    with under("claim_within_sixty_days"):
        assert claim_deadline(care) == date(2026, 8, 30)  # 1 July + 60 days
        assert not claim_in_time(care, date(2026, 8, 31))


def test_papers_dated_before_the_care_are_refused() -> None:
    assert not claim_in_time(TODAY, date(2026, 11, 21))
    with pytest.raises(LawError) as refusal:
        reimbursement("medicine", TODAY, tariff_centimes=1, filed_on=date(2026, 11, 21))
    assert refusal.value.code == "claim_before_care"


def test_the_explanation_shows_the_multiplication_and_the_limit() -> None:
    """90 % of 8,000 = 7,200; limited to the 150 paid."""
    found = reimbursement(
        "hospital", TODAY, tariff_centimes=800_000, paid_centimes=15_000, place="public"
    )
    assert found.reimbursed_centimes == 15_000
    english, french = (explain(found.steps, language)[1] for language in ("en", "fr"))
    assert "90 % of 8,000 DH = 7,200 DH, limited to the 150 DH you paid" in english
    plain = french.replace("\u00a0", " ")
    assert plain.startswith("Remboursement : 150 DH. 90 % de 8 000 DH = 7 200 DH")


def test_a_dependant_with_a_scheme_of_their_own_is_not_covered() -> None:
    child = Dependant("c", Link.CHILD, has_own_scheme=True, disabled=True)
    [answer] = dependants(Family((child,)), TODAY)
    assert (answer.covered, answer.reason) == (False, "child_has_own_scheme")


def test_the_age_itself_is_covered_by_the_other_reading() -> None:
    family = Family((Dependant("c", Link.CHILD, birth_date=date(2005, 9, 9)),))
    assert not dependants(family, TODAY)[0].covered
    with under("age_itself_covered"):
        assert dependants(family, TODAY)[0].until == date(2027, 9, 9)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"care": "hospital"}, "missing_fact"),
        ({"care": "magic"}, "unknown_choice"),
        ({"care": "hospital", "place": "moon"}, "unknown_choice"),
        ({"care": "ambulatory", "illness": "cold"}, "unknown_choice"),
        ({"care": "ambulatory", "tariff_centimes": -1}, "negative_amount"),
    ],
)
def test_reimbursement_refused(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(LawError) as refusal:
        reimbursement(facts.pop("care"), TODAY, **{"tariff_centimes": 100, **facts})
    assert refusal.value.code == code
