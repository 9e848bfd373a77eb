"""The head of a person's file, the same on each page: who, where they stand, what is next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qafila.accompaniment.queries import progress_of
from qafila.accompaniment.reasons import BY_CODE, Urgency, next_step_sentence, urgency_of
from qafila.contributions.account.dues import late_label
from qafila.foundation import clock
from qafila.people.access import PersonFile
from qafila.places import queries as places
from qafila.web.design.components import TAGS, Link, Tab, Tag, Tone
from qafila.web.design.figures import money_text
from qafila.web.people.file_sections import here, sections_of
from qafila.web.people.presenter import TONES, birth_text, names_in_order, phone_text, reason_tag
from qafila.web.people.remedies import remedy_link
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import language

_NO_RIGHTS = ("none", "not_known")


@dataclass(frozen=True)
class Standing:
    """Where the person stands: one status, what is late, the next step and its button."""

    status: Tag
    tone: Tone
    late: str
    late_label: str
    next_step: str
    action: Link | None


@dataclass(frozen=True)
class Head:
    """Who it is, as every page of the file begins; staff also see the standing and the parts."""

    person_id: int
    name: str
    other_name: str
    line: str
    card: str
    phones: tuple[Link, ...]
    standing: Standing | None = None
    sections: tuple[Tab, ...] = ()

    @property
    def section(self) -> Tab | None:
        """The part of the file this page belongs to."""
        return next((one for one in self.sections if one.current), None)


def who_it_is(found: PersonFile) -> Head:
    """Names in the reader's order; age, place and sex in one line; the card; phones to call."""
    person = found.person
    name, other = names_in_order(person.full_name_ar, person.full_name_latn)
    told = (_place_of(found), _age_of(found))
    line = " · ".join(part for part in told if part)
    phones = tuple(Link(phone_text(one), f"tel:{one}") for one in found.phones)
    return Head(found.id, name, other, line, person.card_number, phones)


def head_of_person(found: PersonFile, request: StaffRequest) -> Head:
    """The head for a page of staff. Without a statement where the page got in by `opened`."""
    return replace(
        who_it_is(found),
        standing=_standing_of(found, request),
        sections=sections_of(found, here(request), request.actor),
    )


def _place_of(found: PersonFile) -> str:
    person = found.person
    if person.commune:
        return places.full_commune_name(person.commune, language())
    return places.name_in(person.province, language()) if person.province else ""


def _age_of(found: PersonFile) -> str:
    """Age and date of birth no more precisely than it is known, with the sex."""
    person = found.person
    born = birth_text(person.birth_date, person.birth_precision)
    if not (born and person.birth_date):
        return ""
    told = {"F": _("born in %(born)s, a woman"), "M": _("born in %(born)s, a man")}
    birth = told.get(person.sex, _("born in %(born)s")) % {"born": born}
    years = age_on(person.birth_date, clock.today())
    age = ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}
    return f"{age} · {birth}"


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years lived on the day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _standing_of(found: PersonFile, request: StaffRequest) -> Standing:
    progress = progress_of(found.person)
    resting = urgency_of(progress.reason) is Urgency.AT_REST
    late = 0 if resting else progress.overdue_centimes
    action = remedy_link(progress.reason, found.id, request.actor, found.person.province_id)
    if action and action.href.partition("?")[0] == request.path:
        action = None
    return Standing(
        status_of(progress.reason, progress.rights),
        TONES[urgency_of(progress.reason)],
        money_text(late) if late else "",
        late_label(),
        next_step_sentence(progress.reason) if progress.reason in BY_CODE else "",
        action,
    )


def status_of(reason: str, rights: str) -> Tag:
    """The one status: the rights where there are some, else what holds the person."""
    if rights not in _NO_RIGHTS and urgency_of(reason) is not Urgency.AT_REST:
        return TAGS[rights]
    return reason_tag(reason) or TAGS["not_known"]


def correct_link(person_id: int, field: str) -> str:
    """The address where one field of the file is written."""
    return f"{reverse('person_correct', args=[person_id])}?field={field}"
