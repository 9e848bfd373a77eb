"""One person at the fund's desk: facts, numbers, months, families, who may, and once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, agent, person, places, system

from qafila.enrolment import errors, queries
from qafila.enrolment.changes import (
    EnrolmentMoved,
    Facts,
    change_category,
    close_enrolment,
    confirm_enrolment,
    declare_enrolment,
)
from qafila.enrolment.family.family import (
    DependantMoved,
    FamilyFacts,
    Relative,
    declare_dependant,
    remove_dependant,
    state_no_family,
)
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 11, 1)
CHILD = Relative(full_name_ar="ياسين", sex="M", birth_date=dt.date(2015, 3, 2))


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def declare(who: Person, category: str = "craftworker", **facts: Any) -> EnrolmentMoved:
    return declare_enrolment(
        person_id=who.pk, category=category, month=MONTH, facts=Facts(**facts),
        actor=system(), at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("category", "facts", "kept"),
    [
        ("craftworker", {"annual_tax_dh": 640}, (None, "", None, "")),
        ("cpu", {"annual_tax_dh": 640}, (640, "", None, "")),
        ("cpu", {}, (0, "", None, "lowest_tax_band")),
        ("auto_entrepreneur", {}, (0, "", None, "lowest_tax_band")),
        ("accounts", {"regime": "rns"}, (None, "rns", None, "")),
        ("accounts", {"regime": "rnr", "annual_profit_dh": 90000}, (None, "rnr", 90000, "")),
        ("accounts", {}, (None, "rnr", None, "profit_unknown")),
    ],
)
def test_the_facts_of_each_category(
    category: str, facts: dict[str, Any], kept: tuple[Any, ...]
) -> None:
    moved = declare(registered(), category, **facts)
    one = Enrolment.objects.get(pk=moved.enrolment_id)
    assert (one.annual_tax_dh, one.regime, one.annual_profit_dh, one.assumption) == kept


@pytest.mark.parametrize(
    ("category", "facts", "error"),
    [
        ("farmer", {}, errors.UnknownCategory),
        ("cpu", {"annual_tax_dh": -5}, errors.MissingFact),
        ("accounts", {"regime": "xyz"}, errors.MissingFact),
    ],
)
def test_facts_without_an_amount_are_refused(
    category: str, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        declare(registered(), category, **facts)
    assert not Enrolment.objects.exists()


def test_only_people_of_the_register_with_a_card_are_declared() -> None:
    with pytest.raises(errors.NotOnRegister):
        declare(person())
    with pytest.raises(errors.NoCardNumber):
        declare(registered(without_card=True))


@pytest.mark.parametrize("number", ["", "12345678", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩"])
def test_a_fund_number_has_nine_digits(number: str) -> None:
    waiting = enrolled(only_declared=True)
    with pytest.raises(errors.BadFundNumber):
        confirm_enrolment(enrolment_id=waiting.pk, fund_number=number, actor=system(), at=AT)


def test_a_fund_number_belongs_to_one_person() -> None:
    enrolled(fund_number="123456789")
    waiting = enrolled(only_declared=True)
    with pytest.raises(errors.FundNumberTaken):
        confirm_enrolment(enrolment_id=waiting.pk, fund_number="123456789", actor=system(), at=AT)
    waiting.refresh_from_db()
    assert waiting.state == "declared"


def test_a_change_of_category_closes_one_and_opens_another_at_the_month() -> None:
    before = enrolled(fund_number="123456789", no_family_stated_on=AT.date())
    moved = change_category(
        enrolment_id=before.pk, category="cpu", from_month=dt.date(2027, 1, 15),
        facts=Facts(annual_tax_dh=3200), actor=system(), at=AT,
    )  # fmt: skip
    old, new = queries.enrolments_of(before.person_id, scope=system().scope_of(*Role))
    assert (old.state, old.closed_on) == ("closed", dt.date(2027, 1, 1))
    assert new.pk == moved.enrolment_id
    assert (new.state, new.category, new.fund_number) == ("enrolled", "cpu", "123456789")
    assert (new.effective_from, new.annual_tax_dh) == (dt.date(2027, 1, 1), 3200)
    assert new.no_family_stated_on == AT.date()


def test_changes_that_change_nothing_or_come_too_early_are_refused() -> None:
    one = enrolled()
    with pytest.raises(errors.SameCategory):
        change_category(
            enrolment_id=one.pk, category="craftworker", from_month=MONTH, actor=system(), at=AT
        )
    with pytest.raises(errors.MonthTooEarly) as refused:
        change_category(
            enrolment_id=one.pk, category="cpu", from_month=one.effective_from, actor=system(),
            at=AT,
        )  # fmt: skip
    assert "2026-01" in refused.value.sentence()
    with pytest.raises(errors.MonthTooEarly):
        close_enrolment(
            enrolment_id=one.pk, from_month=dt.date(2025, 12, 1), reason="Stopped.",
            actor=system(), at=AT,
        )  # fmt: skip
    with pytest.raises(errors.ReasonNeeded):
        close_enrolment(enrolment_id=one.pk, from_month=MONTH, reason=" ", actor=system(), at=AT)


def declare_member(insured: Person, relation: str, **told: Any) -> DependantMoved:
    return declare_dependant(
        insured_id=insured.pk, relation=relation, actor=system(), at=AT, **told
    )


def test_a_child_becomes_a_person_at_the_familys_place() -> None:
    insured = enrolled().person
    moved = declare_member(insured, "child", relative=CHILD)
    child = Person.objects.get(pk=moved.person_id)
    assert (child.full_name_ar, child.birth_date) == ("ياسين", dt.date(2015, 3, 2))
    assert (child.province_id, child.commune_id) == (insured.province_id, insured.commune_id)
    assert child.name_keys
    [listed_member] = queries.dependants_of(insured.pk, scope=system().scope_of(*Role))
    assert (listed_member.state, listed_member.since) == ("declared", AT.date())


def test_the_mention_becomes_the_declaration() -> None:
    mentioned = member(enrolled().person, "mentioned")
    moved = declare_member(
        mentioned.insured, "spouse", relative=Relative(full_name_latn="AMINE Ali")
    )
    assert moved.dependant_id == mentioned.pk
    assert Dependant.objects.count() == 1


@pytest.mark.parametrize(
    ("relation", "relative", "facts", "allowed"),
    [
        ("child", {"birth_date": dt.date(2015, 3, 2)}, {}, True),
        ("child", {"birth_date": dt.date(2003, 3, 2)}, {}, False),
        ("child", {"birth_date": dt.date(2003, 3, 2)},
         {"schooling_until": dt.date(2027, 9, 1)}, True),
        ("child", {"birth_date": dt.date(1995, 3, 2)}, {}, False),
        ("child", {"birth_date": dt.date(1996, 3, 2)}, {"disabled": True}, True),
        ("child", {}, {}, False),
        ("child", {"birth_date": dt.date(2020, 3, 2)}, {"other_parent_insured": True}, False),
        ("spouse", {}, {}, True),
        ("spouse", {}, {"has_own_scheme": True}, False),
    ],
)  # fmt: skip
def test_the_law_says_who_belongs_to_the_family(
    relation: str, relative: dict[str, Any], facts: dict[str, Any], allowed: bool
) -> None:
    insured = enrolled().person  # Fatima: with both parents insured, the father declares
    told = {
        "relative": Relative(full_name_latn="X Y", **relative),
        "facts": FamilyFacts(**facts),
    }
    if allowed:
        assert declare_member(insured, relation, **told).state == "declared"
        return
    with pytest.raises(errors.DependantNotEntitled) as refused:
        declare_member(insured, relation, **told)
    assert len(refused.value.sentence()) > 50
    assert not Dependant.objects.exists()
    assert Person.objects.count() == 1


def test_a_spouse_insured_at_the_fund_has_an_own_scheme() -> None:
    insured, spouse = enrolled().person, enrolled(registered(sex="M")).person
    with pytest.raises(errors.DependantNotEntitled):
        declare_member(insured, "spouse", relative_id=spouse.pk)


def test_families_that_cannot_be_are_refused() -> None:
    insured = enrolled().person
    with pytest.raises(errors.UnknownRelation):
        declare_member(insured, "cousin", relative=CHILD)
    with pytest.raises(errors.NameMissing):
        declare_member(insured, "child", relative=Relative(full_name_ar="  "))
    with pytest.raises(errors.NameMissing):
        declare_member(insured, "child")
    with pytest.raises(errors.OwnDependant):
        declare_member(insured, "spouse", relative_id=insured.pk)
    with pytest.raises(errors.InsuredNotEnrolled):
        declare_member(person(), "child", relative=CHILD)
    with pytest.raises(NotFoundInScope):
        declare_member(insured, "child", relative_id=0)
    taken = member(insured, "mentioned")
    with pytest.raises(errors.ReasonNeeded):
        remove_dependant(dependant_id=taken.pk, reason="", actor=system(), at=AT)
    with pytest.raises(errors.FamilyIsKnown):
        state_no_family(insured_id=insured.pk, actor=system(), at=AT)


def test_the_same_command_twice_declares_one_child() -> None:
    insured, command = enrolled().person, uuid.uuid4()
    answers = {declare_member(insured, "child", relative=CHILD, command_id=command)
               for _ in range(2)}  # fmt: skip
    assert len(answers) == 1
    assert Dependant.objects.count() == 1


Act = Callable[[Actor], Any]
DECLARING: list[Act] = [
    lambda actor: declare_enrolment(
        person_id=registered().pk, category="craftworker", month=MONTH, actor=actor, at=AT
    ),
    lambda actor: declare_dependant(
        insured_id=enrolled().person_id, relation="child", relative=CHILD, actor=actor, at=AT
    ),
    lambda actor: remove_dependant(
        dependant_id=member(enrolled().person).pk, reason="Divorced.", actor=actor, at=AT
    ),
    lambda actor: state_no_family(insured_id=enrolled().person_id, actor=actor, at=AT),
]
CONFIRMING: list[Act] = [
    lambda actor: confirm_enrolment(
        enrolment_id=enrolled(only_declared=True).pk, fund_number="123456789", actor=actor, at=AT
    ),
    lambda actor: close_enrolment(
        enrolment_id=enrolled().pk, from_month=MONTH, reason="Stopped.", actor=actor, at=AT
    ),
    lambda actor: change_category(
        enrolment_id=enrolled().pk, category="cpu", from_month=MONTH, actor=actor, at=AT
    ),
]
MAY_DECLARE = {
    Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.CHAMBER_STAFF, Role.DIRECTORATE, Role.FUND_LIAISON,
    Role.ADMINISTRATOR,
}  # fmt: skip
MAY_CONFIRM = {Role.FUND_LIAISON, Role.ADMINISTRATOR}
STAFF = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("group", ["declaring", "confirming"])
def test_who_may(role: Role, group: str) -> None:
    acts, may = (DECLARING, MAY_DECLARE) if group == "declaring" else (CONFIRMING, MAY_CONFIRM)
    here = agent(role, provinces=("09.001",))
    for act in acts:
        if role in may:
            act(here)
            assert JournalEntry.objects.filter(actor_id=here.id).exists()
        else:
            with pytest.raises(NotAllowed):
                act(here)


@pytest.mark.parametrize("act", [*DECLARING, *CONFIRMING])
def test_elsewhere_nobody_is_found(act: Act) -> None:
    with pytest.raises(NotFoundInScope):
        act(agent(Role.FUND_LIAISON, provinces=("06.141",)))


def test_queries_see_the_territory_only() -> None:
    one = enrolled()
    member(one.person)
    salma = agent(Role.COUNTER_AGENT, provinces=("06.141",)).scope_of(*Role)
    assert queries.enrolments_of(one.person_id, scope=salma) == []
    assert queries.dependants_of(one.person_id, scope=salma) == []
