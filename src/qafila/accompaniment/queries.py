"""The file of one person, whole, in at most twelve queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.file import (
    ApplicationTold,
    EnrolmentTold,
    EntryTold,
    JournalTold,
    MemberTold,
    Names,
    PersonFile,
    Place,
    TimelineStep,
    ToldByList,
)
from qafila.accompaniment.models import Standing
from qafila.accompaniment.reasons import next_step_sentence, reason_sentence
from qafila.accompaniment.standings import CONTACT_VERBS
from qafila.accompaniment.steps import STEP_LABELS
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import Scope
from qafila.foundation.clock import MOROCCO
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.journal import sentence_of
from qafila.foundation.models import JournalEntry
from qafila.lists.models import Row
from qafila.people.access import persons_visible
from qafila.people.models import Person
from qafila.register.errors import names_of
from qafila.register.models import Application, Entry, Trade

NEWEST_JOURNAL_ENTRIES = 50
_NOT_WORKED_OUT = _("Where this person stands has not been worked out yet. Look again shortly.")


def file_of(person_id: int, *, scope: Scope) -> PersonFile:
    """The person's file; of the person it was merged into, when it was.

    NotFoundInScope outside the territory. At most twelve queries, one more after a merge. Recording
    the read (`foundation.access_log`) is the caller's.
    """
    person = _person(person_id, scope)
    rows = tuple(_row(one) for one in _rows(person))
    journal = _journal(person)
    entries = tuple(
        _entry(one) for one in person.register_entries.select_related("trade").order_by("pk")
    )
    enrolments = tuple(
        _enrolment(one) for one in person.enrolments.order_by("effective_from", "pk")
    )
    dependants = tuple(
        _member(one) for one in person.dependants.select_related("person").order_by("pk")
    )
    applications = person.applications.select_related("trade").order_by("pk")
    standing = _standing(person)
    done = _dates(person, rows, journal, entries, enrolments, dependants)
    return PersonFile(
        person_id=person.pk,
        asked_for=person_id,
        names=Names(person.full_name_ar, person.full_name_latn),
        sex=person.sex,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        card_number=person.card_number,
        identifiers=tuple(
            person.identifiers.order_by("kind", "value").values_list("kind", "value")
        ),
        phones=tuple(person.phones.order_by("number").values_list("number", flat=True)),
        place=_place(person),
        timeline=_timeline(standing, done),
        reason=standing.reason,
        reason_sentence=_reason_sentence(standing),
        next_step=standing.next_step,
        next_sentence=next_step_sentence(standing.reason) if standing.reason else "",
        rights=standing.rights,
        months_overdue=standing.months_overdue,
        overdue_centimes=standing.overdue_centimes,
        rows=rows,
        applications=tuple(_application(one) for one in applications),
        entries=tuple(entries),
        enrolments=tuple(enrolments),
        dependants=tuple(dependants),
        journal=tuple(_journal_line(one) for one in journal),
    )


def _person(person_id: int, scope: Scope) -> Person:
    """The living file: merges are followed, each within the scope."""
    seen: set[int] = set()
    wanted = person_id
    while wanted not in seen:
        seen.add(wanted)
        found = persons_visible(scope).select_related("commune", "province", "standing")
        person = found.filter(pk=wanted).first()
        if person is None:
            break
        if person.merged_into_id is None:
            return person
        wanted = person.merged_into_id
    raise NotFoundInScope(person=person_id)


def _standing(person: Person) -> Standing:
    """The person's standing; one without a reason when it has not been worked out."""
    known = getattr(person, "standing", None)
    return known or Standing(person=person, stage="identified", rights="none")


def _reason_sentence(standing: Standing) -> str:
    if not standing.reason:
        return str(_NOT_WORKED_OUT)
    return reason_sentence(
        standing.reason,
        months=standing.months_overdue,
        overdue_centimes=standing.overdue_centimes,
    )


def _rows(person: Person) -> list[Row]:
    told = person.list_rows.exclude(outcome="rejected").select_related("list_import")
    return list(told.order_by("list_import__imported_at", "pk"))


def _journal(person: Person) -> list[JournalEntry]:
    told = JournalEntry.objects.filter(person_id=person.pk).select_related("actor")
    return list(told.order_by("-at", "-pk")[:NEWEST_JOURNAL_ENTRIES])


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(MOROCCO).date()


Done = dict[str, tuple[dt.date | None, str]]


def _dates(
    person: Person,
    rows: Sequence[ToldByList],
    journal: Sequence[JournalEntry],
    entries: Sequence[EntryTold],
    enrolments: Sequence[EnrolmentTold],
    dependants: Sequence[MemberTold],
) -> Done:
    """Since when each step is done and by what it shows, for the steps that are done."""
    sheets = [(row.imported_on, row.file_name) for row in rows if row.source == "field_sheet"]
    contacts = [(_day(one.at), one.actor.name) for one in journal if one.verb in CONTACT_VERBS]
    at_fund = [one for one in enrolments if one.state == "enrolled"]
    declared = [(one.since, one.names.ar or one.names.latn) for one in dependants
                if one.state == "declared"]  # fmt: skip
    payment = person.payments.filter(reversed_on=None).order_by("-paid_on", "-pk").first()
    rights = person.rights_periods.filter(status="open").order_by("-since").first()
    numbers = [(one.entered_on, one.register_number) for one in entries if one.state == "active"]
    return {
        "identified": min([(row.imported_on, row.file_name) for row in rows],
                          default=(_day(person.created_at), "")),
        "reached": min([*sheets, *contacts], default=(None, "")),
        "registered": min(numbers, default=(None, "")),
        "enrolled": min([(one.effective_from, one.fund_number) for one in at_fund],
                        default=(None, "")),
        "family_declared": max(declared, default=(None, "")),
        "paying": (payment.paid_on, payment.reference) if payment else (None, ""),
        "rights_open": (rights.since, "") if rights else (None, ""),
    }  # fmt: skip


def _timeline(standing: Standing, dates: Done) -> tuple[TimelineStep, ...]:
    done = {code: code == "identified" or getattr(standing, code) for code in STEP_LABELS}
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


def _row(row: Row) -> ToldByList:
    return ToldByList(
        row_id=row.pk,
        source=row.list_import.source,
        file_name=row.list_import.file_name,
        sheet=row.sheet,
        row_number=row.row_number,
        imported_on=_day(row.list_import.imported_at),
        name=row.full_name or f"{row.family_name} {row.given_name}".strip(),
        trade_text=row.trade_text,
        place_text=row.place_text,
        notes=row.notes,
    )


def _trade_names(trade: Trade | None) -> tuple[str, str]:
    return (trade.name_ar, trade.name_fr) if trade else ("", "")


def _application(one: Application) -> ApplicationTold:
    trade_ar, trade_fr = _trade_names(one.trade)
    return ApplicationTold(
        one.pk, one.state, trade_ar, trade_fr, one.trade_text, tuple(one.missing),
        names_of(one.missing), one.opened_at, one.decided_at, one.refusal_reason,
    )  # fmt: skip


def _entry(one: Entry) -> EntryTold:
    trade_ar, trade_fr = _trade_names(one.trade)
    return EntryTold(
        one.pk, one.register_number, one.state, trade_ar, trade_fr, one.trade_text, one.entered_on,
        one.struck_off_on,
    )  # fmt: skip


def _enrolment(one: Enrolment) -> EnrolmentTold:
    return EnrolmentTold(
        one.pk, one.category, one.state, one.fund_number, one.effective_from, one.closed_on,
        one.annual_tax_dh, one.assumption, one.months_unpaid_reported, one.reported_on,
    )  # fmt: skip


def _member(one: Dependant) -> MemberTold:
    who = one.person
    names = Names(who.full_name_ar, who.full_name_latn) if who else Names("", "")
    birth = who.birth_date if who else None
    return MemberTold(one.pk, one.relation, one.state, one.person_id, names, birth, one.since)


def _journal_line(entry: JournalEntry) -> JournalTold:
    return JournalTold(entry.at, entry.actor.name, entry.verb, sentence_of(entry))
