"""Whole lists into enrolments: the fund's, the register's, and what notes say of families."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.enrolment.factories import enrolled, registered
from tests.register.factories import AT, agent, list_import, listed, person, places, system

from qafila.enrolment.errors import MonthNotPossible
from qafila.enrolment.from_lists import (
    ListedEnrolled,
    RegisteredDeclared,
    declare_registered,
    enrol_listed_at_fund,
    note_dependants,
)
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.register.models import Entry

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def enrol() -> ListedEnrolled:
    return enrol_listed_at_fund(actor=system(), at=AT)


def declare(month: dt.date = MONTH) -> RegisteredDeclared:
    return declare_registered(month=month, actor=system(), at=AT)


def test_the_fund_list_gives_number_category_date_and_months() -> None:
    fatima = person()
    listed(
        fatima, "fund", fund_number="154484150", category="craftworker",
        effect_date=dt.date(2023, 7, 15), months_unpaid=5,
    )  # fmt: skip
    assert enrol() == ListedEnrolled(1, 0, 0)
    enrolment = Enrolment.objects.get()
    assert (enrolment.person_id, enrolment.fund_number) == (fatima.pk, "154484150")
    assert (enrolment.state, enrolment.category) == ("enrolled", "craftworker")
    assert enrolment.effective_from == dt.date(2023, 7, 1)
    assert (enrolment.months_unpaid_reported, enrolment.reported_on) == (5, AT.date())
    assert (enrolment.annual_tax_dh, enrolment.assumption) == (None, "")
    assert enrolment.region_code == "09"


@pytest.mark.parametrize(
    ("category", "tax_listed", "tax", "assumption"),
    [
        ("cpu", 640, 640, ""),
        ("cpu", None, 0, "lowest_tax_band"),
        ("auto_entrepreneur", None, 0, "lowest_tax_band"),
        ("accounts", None, None, "profit_unknown"),
        ("", None, None, ""),
    ],
)
def test_the_fact_an_amount_needs_is_known_or_assumed_in_writing(
    category: str, tax_listed: int | None, tax: int | None, assumption: str
) -> None:
    fatima = person()
    listed(fatima, "fund", fund_number="154484150", category=category)
    if tax_listed is not None:
        listed(fatima, "tax_cpu", annual_tax_dh=tax_listed)
    enrol()
    enrolment = Enrolment.objects.get()
    assert enrolment.category == (category or "craftworker")
    assert (enrolment.annual_tax_dh, enrolment.assumption) == (tax, assumption)


def test_a_number_of_two_people_stays_with_the_first() -> None:
    fund = list_import("fund")
    first, second = person(), person()
    listed(first, fund, fund_number="154484150")
    listed(second, fund, fund_number="154484150")
    assert enrol() == ListedEnrolled(1, 0, 1)
    assert Enrolment.objects.get().person_id == first.pk
    assert enrol() == ListedEnrolled(0, 0, 1)
    assert declare().declared == 0


def test_two_numbers_of_one_person_enrol_once() -> None:
    fund = list_import("fund")
    fatima = person()
    listed(fatima, fund, fund_number="154484150")
    listed(fatima, fund, fund_number="154484151")
    enrol()
    assert enrol().enrolled == 0
    assert Enrolment.objects.get().fund_number == "154484150"


def test_a_declared_person_found_on_the_fund_list_is_confirmed() -> None:
    waiting = enrolled(only_declared=True)
    listed(waiting.person, "fund", fund_number="154484150", category="cpu")
    assert enrol() == ListedEnrolled(0, 1, 0)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.fund_number) == ("enrolled", "154484150")
    assert (waiting.category, waiting.annual_tax_dh) == ("cpu", 0)


def test_a_closed_enrolment_is_not_reopened_by_the_same_list() -> None:
    closed = enrolled(state="closed", closed_on=AT.date(), fund_number="154484150")
    listed(closed.person, "fund", fund_number="154484150")
    assert enrol().enrolled == 0


def test_craftworkers_of_the_register_are_declared_from_the_month() -> None:
    fatima = registered()
    listed(fatima, "register")
    result = declare(dt.date(2026, 11, 22))
    assert (result.declared, result.by_category) == (1, {"craftworker": 1})
    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.fund_number) == ("declared", "")
    assert enrolment.effective_from == MONTH


def test_only_people_on_the_register_with_a_card_are_declared() -> None:
    listed(person(), "chamber")
    listed(registered(without_card=True), "chamber")
    struck_off = registered()
    with acting(system(), at=AT):
        Entry.objects.filter(person=struck_off).update(state="struck_off", struck_off_on=AT.date())
    assert declare().declared == 0


SITUATIONS: list[tuple[list[tuple[str, dict[str, Any]]], str | None, int | None]] = [
    ([("chamber", {})], "craftworker", None),
    ([("auto_entrepreneur", {"struck_off": False})], "auto_entrepreneur", 0),
    ([("auto_entrepreneur", {"struck_off": None})], "auto_entrepreneur", 0),
    ([("tax_cpu", {"annual_tax_dh": 3200})], "cpu", 3200),
    ([("tax_cpu", {})], "cpu", 0),
    ([("chamber", {}), ("tax_cpu", {"annual_tax_dh": 120})], "cpu", 120),
    # Both in the lowest band: the same amount, the card stays.
    ([("auto_entrepreneur", {}), ("tax_cpu", {"annual_tax_dh": 120})], "auto_entrepreneur", 0),
    # 240 DH a month against 100: the highest alone is owed.
    ([("auto_entrepreneur", {}), ("tax_cpu", {"annual_tax_dh": 3200})], "cpu", 3200),
    ([("auto_entrepreneur", {"struck_off": True})], None, None),
    ([("auto_entrepreneur", {"struck_off": True}), ("register", {})], "craftworker", None),
    (
        [("auto_entrepreneur", {"struck_off": True}), ("tax_cpu", {"annual_tax_dh": 640})],
        "cpu",
        640,
    ),
]


@pytest.mark.parametrize(("rows", "category", "tax"), SITUATIONS)
def test_the_category_follows_what_the_lists_say(
    rows: list[tuple[str, dict[str, Any]]], category: str | None, tax: int | None
) -> None:
    fatima = registered()
    for source, fields in rows:
        listed(fatima, source, **fields)
    result = declare()
    enrolment = Enrolment.objects.first()
    if category is None:
        assert enrolment is None
        assert result.struck_off == 1
    else:
        assert enrolment is not None
        assert (enrolment.category, enrolment.annual_tax_dh) == (category, tax)


def test_a_month_before_the_scheme_is_refused_in_one_sentence() -> None:
    listed(registered(), "chamber")
    listed(registered(), "tax_cpu")
    with pytest.raises(MonthNotPossible) as refused:
        declare(dt.date(2019, 1, 1))
    assert "2019-01" in refused.value.sentence()
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("notes", "noted"),
    [
        ("متزوج", 1),
        ("متزوجة وأم لطفلين", 1),
        ("Mariée", 1),
        ("marié, 2 enfants", 1),
        ("MARIÉE", 1),
        ("غير متزوج", 0),
        ("non marié", 0),
        ("لا يتوفر على البطاقة", 0),
        ("habite près du marina", 0),
        ("", 0),
    ],
)
def test_notes_that_speak_of_a_spouse(notes: str, noted: int) -> None:
    fatima = person()
    listed(fatima, "field_sheet", notes=notes)
    assert note_dependants(actor=system(), at=AT).noted == noted
    assert (
        Dependant.objects.filter(
            insured=fatima, relation="spouse", state="mentioned", since=AT.date()
        ).count()
        == noted
    )


def test_repeating_changes_nothing() -> None:
    fatima, other = person(), registered()
    listed(fatima, "fund", fund_number="154484150", notes="متزوج")
    listed(fatima, "field_sheet", notes="متزوج")
    listed(other, "chamber", notes="متزوج")

    def everything() -> list[list[str]]:
        tables = (Enrolment.objects, Dependant.objects, JournalEntry.objects)
        return [[str(row) for row in rows.order_by("pk").values_list()] for rows in tables]

    def run() -> None:
        enrol()
        declare()
        note_dependants(actor=system(), at=AT)

    run()
    before = everything()
    run()
    assert everything() == before
    assert Dependant.objects.count() == 2


def test_only_whole_country_roles_work_on_whole_lists() -> None:
    for actor in (
        agent(Role.FUND_LIAISON, national=True),
        agent(Role.ADMINISTRATOR, provinces=("09.001",)),
    ):
        with pytest.raises(NotAllowed):
            enrol_listed_at_fund(actor=actor, at=AT)
        with pytest.raises(NotAllowed):
            declare_registered(month=MONTH, actor=actor, at=AT)
        with pytest.raises(NotAllowed):
            note_dependants(actor=actor, at=AT)
