"""Who a person is, line by line, each with the way to its correction."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qafila.people.access import PersonFile
from qafila.web.design.components import Fact, Kind, SummaryLine
from qafila.web.people.file_head import correct_link
from qafila.web.people.file_presenter import NUMBER_NAMES
from qafila.web.people.presenter import birth_text, phone_text
from qafila.web.site.territory import named


def summary_of(found: PersonFile, *, may_correct: bool) -> list[SummaryLine]:
    """The names in both scripts, birth, sex, card, phones and place; unknown ones too."""
    person = found.person
    sexes = {"F": _("Woman"), "M": _("Man")}
    lines: list[tuple[str, str, Kind, str]] = [
        (_("Name in Arabic"), person.full_name_ar, "text", _name_field(found, "ar")),
        (_("Name in Latin letters"), person.full_name_latn, "text", _name_field(found, "latn")),
        (
            _("Date of birth"),
            birth_text(person.birth_date, person.birth_precision),
            "text",
            "birth_date",
        ),
        (_("Sex"), sexes.get(person.sex, ""), "text", "sex"),
        (
            pgettext("column", "Card number (CIN)"),
            person.card_number,
            "identifier",
            "card_number",
        ),
        (_("Commune of residence"), _place(found), "text", "commune"),
        *((_("Phone"), phone_text(one), "identifier", "phone") for one in found.phones or ("",)),
    ]
    return [
        SummaryLine(
            label, value, kind, correct_link(found.id, field) if may_correct and field else ""
        )
        for label, value, kind, field in lines
    ]


def _name_field(found: PersonFile, script: str) -> str:
    """Where the name is corrected: by its parts where a list gave them apart."""
    person = found.person
    apart = getattr(person, f"given_name_{script}") or getattr(person, f"family_name_{script}")
    whole = getattr(person, f"full_name_{script}")
    return f"family_name_{script}" if apart or not whole else f"full_name_{script}"


def _place(found: PersonFile) -> str:
    places = (found.person.commune, found.person.province)
    names = [named(one.name_ar, one.name_fr) for one in places if one]
    return " · ".join(names)


def numbers_of(found: PersonFile) -> list[Fact]:
    """The numbers institutions know the person by."""
    return [
        Fact(NUMBER_NAMES.get(kind, kind), value, "identifier") for kind, value in found.identifiers
    ]
