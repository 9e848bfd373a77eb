"""Faults of each kind that a proof finds, as an installation may hold them of earlier days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Model
from tests.care.factories import claim
from tests.contributions.factories import craftworker, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, person, system

from qafila.care.models import Claim
from qafila.contributions.models.calls_and_ledger import Call, Payment
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Identifier, Person
from qafila.register.models import Entry

Broken = Callable[[], int]


def _without_guard(statement: str, *params: object) -> None:
    """Write what the database refuses today: what an installation may hold of earlier days."""
    with acting(system(), at=AT), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def row_on_merged_file() -> int:
    kept, hidden, dependant = person(), person(), member(enrolled().person)
    merge_persons(kept.pk, hidden.pk, evidence={}, actor=system(), at=AT)
    _without_guard(
        "UPDATE enrolment_dependant SET person_id = %s WHERE id = %s", hidden.pk, dependant.pk
    )
    return kept.pk


def card_held_twice() -> int:
    first = person()
    return person(card_number=first.card_number).pk


def number_of_another() -> int:
    holder, noted = enrolled(), person()
    with acting(system(), at=AT):
        Identifier.objects.create(person=noted, kind="fund", value=holder.fund_number)
    return noted.pk


def own_dependant() -> int:
    one = member(enrolled().person)
    with acting(system(), at=AT):
        Dependant.objects.filter(pk=one.pk).update(person_id=one.insured_id)
    return one.insured_id


def member_declared_twice() -> int:
    one = member(enrolled().person)
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=one.insured, person=one.person, relation="spouse", state="declared",
            since=AT.date(),
        )  # fmt: skip
    return one.insured_id


def child_of_two_families() -> int:
    one = _child()
    other = enrolled().person
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=other, person=one.person, relation="child", state="declared", since=AT.date()
        )
    return other.pk


def enrolments_undecided() -> int:
    one = craftworker(undecided_since=AT.date())
    return one.person_id


def _died(who: Person) -> int:
    with acting(system(), at=AT):
        LifeEvent.objects.create(person=who, kind="death", since=AT.date(), told_at=AT)
    return who.pk


def dead_but_enrolled() -> int:
    return _died(craftworker().person)


def dead_but_registered() -> int:
    return _died(registered())


def struck_off_but_enrolled() -> int:
    fatima = registered()
    enrolled(fatima)
    with acting(system(), at=AT):
        Entry.objects.filter(person=fatima).update(state="struck_off", struck_off_on=AT.date())
    return fatima.pk


def enrolled_without_entry() -> int:
    return enrolled(person()).person_id


def _change(model: type[Model], pk: int | None, **changes: object) -> None:
    with acting(system(), at=AT):
        model._default_manager.filter(pk=pk).update(**changes)


def _told(one: Dependant, kind: str, since: dt.date, **fields: Any) -> None:
    with acting(system(), at=AT):
        LifeEvent.objects.create(
            person=one.person, kind=kind, since=since, told_at=AT, document="X", **fields
        )


def _child(insured: Person | None = None, **fields: Any) -> Dependant:
    one = member(insured or enrolled().person, relation="child")
    _change(Person, one.person_id, **{"birth_date": dt.date(2015, 3, 2), **fields})
    return one


def same_child_twice() -> int:
    first = _child()
    second = _child(first.insured)
    _change(Person, second.person_id, name_keys=["FTM"], full_name_ar="فاطمة")
    return first.insured_id


def marriage_not_allowed() -> int:
    first = member(enrolled().person)
    member(first.insured)
    return first.insured_id


def married_too_young() -> int:
    one = member(enrolled().person)
    _change(Dependant, one.pk, joined_on=dt.date(1997, 5, 1))
    return one.insured_id


def spouses_one_sex() -> int:
    one = member(enrolled().person)
    _change(Person, one.person_id, sex="F")
    return one.insured_id


def parent_age_doubtful() -> int:
    return _child(birth_date=dt.date(1991, 1, 1)).insured_id


def parent_sex_unknown() -> int:
    one = _child(enrolled(person(sex="")).person)
    _change(Dependant, one.pk, other_parent_insured=True)
    return one.insured_id


def spouse_and_child() -> int:
    one = _child(birth_date=dt.date(2005, 1, 1), sex="F")
    husband = enrolled(person(sex="M")).person
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=husband, person=one.person, relation="spouse", state="declared",
            since=AT.date(),
        )  # fmt: skip
    return one.insured_id


def told_after_death() -> int:
    one = _child()
    _told(one, "death", dt.date(2020, 1, 1))
    _told(one, "disability", dt.date(2021, 1, 1))
    return one.insured_id


def school_year_too_long() -> int:
    one = _child()
    _told(one, "schooling", dt.date(2026, 9, 1), until=dt.date(2099, 6, 30))
    return one.insured_id


def call_of_another() -> int:
    fatima, other = craftworker(), person()
    run(dt.date(2026, 9, 1))  # each its own month: all faults may be held at once
    with acting(system(), at=AT):
        Call.objects.filter(enrolment=fatima).update(person=other)
    return fatima.person_id


def money_of_another() -> int:
    fatima, other = craftworker(), craftworker()
    run(dt.date(2026, 10, 1))
    pay(fatima, 16352)
    with acting(system(), at=AT):
        Payment.objects.update(person_id=other.person_id)
    return other.person_id


def books_unbalanced() -> int:
    fatima = craftworker()
    run()
    _without_guard("UPDATE contributions_ledgerline SET amount_centimes = amount_centimes + 1")
    return fatima.person_id


def care_paid_twice() -> int:
    one = claim("paid")
    again = claim("paid", insured=one.insured, care_on=one.care_on)
    return again.insured_id


def care_claimed_under_two_files() -> int:
    one, other = claim("assessed"), claim("assessed")
    with acting(system(), at=AT):
        both = Person.objects.filter(pk__in=[one.patient_id, other.patient_id])
        both.update(full_name_latn="AIT LAHCEN Fatima", birth_date=dt.date(1980, 5, 1))
    return Claim.objects.get(pk=max(one.pk, other.pk)).insured_id


def care_of_the_dead() -> int:
    one = claim("received")
    with acting(system(), at=AT):
        LifeEvent.objects.create(
            person=one.patient, kind="death", since=one.care_on - dt.timedelta(3), told_at=AT
        )
    return one.insured_id


BROKEN: tuple[Broken, ...] = (
    row_on_merged_file, card_held_twice, number_of_another, own_dependant, member_declared_twice,
    child_of_two_families, enrolments_undecided, dead_but_enrolled, dead_but_registered,
    struck_off_but_enrolled, enrolled_without_entry, same_child_twice, marriage_not_allowed,
    married_too_young, spouses_one_sex, parent_age_doubtful, parent_sex_unknown, spouse_and_child,
    told_after_death, school_year_too_long, call_of_another, money_of_another, books_unbalanced,
    care_paid_twice, care_claimed_under_two_files, care_of_the_dead,
)  # fmt: skip
