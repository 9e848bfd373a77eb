"""The file of one person: its head and the whole of it, each in few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.file import (
    ApplicationTold,
    EnrolmentTold,
    EntryTold,
    MemberTold,
    Names,
    PersonFile,
    Place,
    TimelineStep,
)
from qafila.accompaniment.models import Progress
from qafila.accompaniment.reasons import next_step_sentence, reason_sentence
from qafila.accompaniment.standings import CONTACT_VERBS, taken_back
from qafila.accompaniment.steps import STEP_LABELS
from qafila.contributions.ledger import facts as ledger
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation import facts as foundation
from qafila.foundation.actors import Scope
from qafila.foundation.clock import MOROCCO, day_of
from qafila.foundation.scope import reference_data
from qafila.lists import facts as lists
from qafila.people import facts as people
from qafila.people.access import PersonFile as PersonRead
from qafila.people.access import get_person, lies_in
from qafila.people.models import Person
from qafila.register import facts as register
from qafila.register.errors import names_of
from qafila.rights import facts as rights

_NOT_WORKED_OUT = _("This person's standing is not computed yet. Try again in a moment.")


def file_of(person_id: int, *, scope: Scope, person: PersonRead | None = None) -> PersonFile:
    """The person's file; of the person it was merged into, when it was.

    A person already loaded is loaded along `with_dates`. NotFoundInScope outside the territory.
    Four statements, one more for each merge; three with the person loaded.
    """
    known = person is not None and person.id == person_id
    if person is None or not known or not lies_in(person, scope):
        person = get_person(person_id, scope=scope, along=with_dates)
    return _file(person, person_id)


def _file(found: PersonRead, asked_for: int) -> PersonFile:
    person = found.person
    applications, entries = _register(person)
    enrolments = tuple(
        _enrolment(one) for one in person.enrolments.order_by("effective_from", "pk")
    )
    dependants = tuple(
        _member(one) for one in person.dependants.select_related("person").order_by("pk")
    )
    progress = progress_of(person)
    return PersonFile(
        person_id=person.pk,
        asked_for=asked_for,
        names=Names(person.full_name_ar, person.full_name_latn),
        sex=person.sex,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        card_number=person.card_number,
        identifiers=found.identifiers,
        phones=found.phones,
        place=_place(person),
        timeline=_timeline(progress, _dates(person, entries, enrolments, dependants)),
        reason=progress.reason,
        reason_sentence=_reason_sentence(progress),
        next_step=progress.next_step,
        next_sentence=_next_sentence(progress),
        rights=progress.rights,
        months_overdue=progress.months_overdue,
        overdue_centimes=progress.overdue_centimes,
        applications=applications,
        entries=entries,
        enrolments=enrolments,
        dependants=dependants,
    )


def with_standing(found: QuerySet[Person]) -> QuerySet[Person]:
    """Join where each person stands, for `progress_of`."""
    return found.select_related("progress")


@reference_data
def with_dates(found: QuerySet[Person]) -> QuerySet[Person]:
    """Join the progress and the days of the timeline to the person, for `file_of`."""
    params = [MOROCCO.key, [*CONTACT_VERBS]]
    first_days = RawSQL(_FIRST_DAYS, params, output_field=JSONField())  # noqa: S611  constant text
    return with_standing(found).annotate(first_days=first_days)


# The day and the detail of what no other part of the file tells: the first list, field sheet and
# contact, the last payment and the last opening of rights. One object, so that it comes with the
# person in one statement.
_FIRST_DAYS = f"""
SELECT coalesce(jsonb_object_agg(told.what, jsonb_build_array(told.day, told.detail)), '{{}}')
FROM (
  (SELECT 'listed' AS what, r.told_on AS day, r.file_name AS detail FROM {lists.ROWS} r
   WHERE r.person_id = {people.ID_IN_ORM} AND r.outcome <> 'rejected'
   ORDER BY 2, r.file_name COLLATE "C" LIMIT 1)
  UNION ALL
  (SELECT 'field_sheet', r.told_on, r.file_name FROM {lists.ROWS} r
   WHERE r.person_id = {people.ID_IN_ORM} AND r.outcome <> 'rejected' AND r.source = 'field_sheet'
   ORDER BY 2, r.file_name COLLATE "C" LIMIT 1)
  UNION ALL
  (SELECT 'contact', (j.at AT TIME ZONE %s)::date, a.name
   FROM {foundation.JOURNAL} j JOIN {foundation.ACTORS} a ON a.id = j.actor_id
   WHERE j.person_id = {people.ID_IN_ORM} AND j.verb = ANY(%s) AND NOT {taken_back("j")}
   ORDER BY 2, a.name COLLATE "C" LIMIT 1)
  UNION ALL
  (SELECT 'payment', p.paid_on, p.reference FROM {ledger.GOOD_PAYMENTS} p
   WHERE p.person_id = {people.ID_IN_ORM}
   ORDER BY p.paid_on DESC, p.id DESC LIMIT 1)
  UNION ALL
  (SELECT 'rights', r.since, '' FROM {rights.PERIODS} r
   WHERE r.person_id = {people.ID_IN_ORM} AND r.status = 'open' ORDER BY r.since DESC LIMIT 1)
) told
"""


def progress_of(person: Person) -> Progress:
    """The person's standing; one without a reason when it has not been worked out."""
    known = getattr(person, "progress", None)
    return known or Progress(person=person, stage="identified", rights="none")


def _reason_sentence(progress: Progress) -> str:
    if not progress.reason:
        return str(_NOT_WORKED_OUT)
    return reason_sentence(
        progress.reason,
        months=progress.months_overdue,
        overdue_centimes=progress.overdue_centimes,
    )


def _next_sentence(progress: Progress) -> str:
    return next_step_sentence(progress.reason) if progress.reason else ""


def _day(moment: dt.datetime) -> dt.date:
    return day_of(moment)


Done = dict[str, tuple[dt.date | None, str]]


def _dates(
    person: Any,
    entries: Sequence[EntryTold],
    enrolments: Sequence[EnrolmentTold],
    dependants: Sequence[MemberTold],
) -> Done:
    """Since when each step is done and by what it shows, for the steps that are done."""
    known = {
        what: (dt.date.fromisoformat(day), str(detail))
        for what, (day, detail) in person.first_days.items()
    }
    nothing: tuple[dt.date | None, str] = (None, "")
    reached = [known[what] for what in ("field_sheet", "contact") if what in known]
    at_fund = [one for one in enrolments if one.state == "enrolled"]
    declared = [
        (one.since, one.names.ar or one.names.latn) for one in dependants if one.state == "declared"
    ]
    numbers = [(one.entered_on, one.register_number) for one in entries if one.state == "active"]
    return {
        "identified": known.get("listed", (_day(person.created_at), "")),
        "reached": min(reached, default=nothing),
        "registered": min(numbers, default=nothing),
        "enrolled": min(
            [(one.effective_from, one.fund_number) for one in at_fund], default=nothing
        ),
        "family_declared": max(declared, default=nothing),
        "paying": known.get("payment", nothing),
        "rights_open": known.get("rights", nothing),
    }


def _timeline(progress: Progress, dates: Done) -> tuple[TimelineStep, ...]:
    done = {code: code == "identified" or getattr(progress, code) for code in STEP_LABELS}
    return tuple(
        TimelineStep(code, str(label), done[code], *(dates[code] if done[code] else (None, "")))
        for code, label in STEP_LABELS.items()
    )


def _place(person: Person) -> Place:
    commune, province = person.commune, person.province
    return Place(
        commune_ar=commune.name_ar if commune else "",
        commune_fr=commune.name_fr if commune else "",
        province_ar=province.name_ar if province else "",
        province_fr=province.name_fr if province else "",
        province_code=person.province_id or "",
    )


# Applications and entries in one statement: the register as the file tells it.
_REGISTER = f"""
SELECT true AS applied, o.id, o.state, coalesce(t.name_ar, ''), coalesce(t.name_fr, ''),
       o.trade_text, o.missing::text[], o.opened_at, o.decided_at, o.refusal_reason,
       '', NULL::date, NULL::date
FROM {register.APPLICATIONS} o LEFT JOIN {register.TRADES} t ON t.id = o.trade_id
WHERE o.person_id = %(person)s
UNION ALL
SELECT false, e.id, e.state, coalesce(t.name_ar, ''), coalesce(t.name_fr, ''), e.trade_text,
       '{{}}', NULL, NULL, '', e.register_number, e.entered_on, e.struck_off_on
FROM {register.ENTRIES} e LEFT JOIN {register.TRADES} t ON t.id = e.trade_id
WHERE e.person_id = %(person)s
ORDER BY 1, 2
"""


def _register(person: Person) -> tuple[tuple[ApplicationTold, ...], tuple[EntryTold, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_REGISTER, {"person": person.pk})
        told = cursor.fetchall()
    return (
        tuple(_application(one[1:10]) for one in told if one[0]),
        tuple(EntryTold(one[1], one[10], *one[2:6], *one[11:]) for one in told if not one[0]),
    )


def _application(told: tuple[Any, ...]) -> ApplicationTold:
    number, state, trade_ar, trade_fr, trade_text, missing, opened_at, decided_at, refusal = told
    return ApplicationTold(
        number,
        state,
        trade_ar,
        trade_fr,
        trade_text,
        tuple(missing),
        names_of(missing),
        opened_at,
        decided_at,
        refusal,
    )


def _enrolment(one: Enrolment) -> EnrolmentTold:
    return EnrolmentTold(
        one.pk,
        one.category,
        one.state,
        one.fund_number,
        one.effective_from,
        one.closed_on,
        one.annual_tax_dh,
        one.assumption,
        one.months_unpaid_reported,
        one.reported_on,
    )


def _member(one: Dependant) -> MemberTold:
    who = one.person
    names = Names(who.full_name_ar, who.full_name_latn) if who else Names("", "")
    birth, precision = (who.birth_date, who.birth_precision) if who else (None, "")
    return MemberTold(
        one.pk, one.relation, one.state, one.person_id, names, birth, precision, one.since
    )
