"""Forms of a person's file: corrections, the application, a contact, a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.accompaniment.contacts import CHANNELS
from qafila.foundation.actors import Scope
from qafila.foundation.errors import DomainError, Question
from qafila.people.access import PersonFile
from qafila.people.corrections import Correction
from qafila.people.errors import HouseholdAsked
from qafila.places.queries import find_commune
from qafila.register.queries import TradeRow
from qafila.web.people.presenter import phone_text
from qafila.web.site.commands import ask_on
from qafila.web.site.commune_field import CommuneField, commune_shown
from qafila.web.site.territory import named
from qafila.web.site.typed_fields import AsShown, Line, Name, Note

SEXES = (("", _("Not known")), ("F", _("Woman")), ("M", _("Man")))
_BEFORE = "before_"
_NEEDED = ("card_number", "birth_date", "sex", "commune")


def _ltr(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", **attrs})


def birth_as_typed(day: dt.date | None, precision: str) -> str:
    """A date of birth as people write it, no more precisely than it is known."""
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    return f"{day:%m/%Y}" if precision == "month" else f"{day:%d/%m/%Y}"


HOUSEHOLD = (
    ("along", _("They move along.")),
    ("stays", _("They stay where they are.")),
)


class CorrectionForm(forms.Form):
    """The fields of a file that may be corrected; each remembers what the page showed."""

    family_name_ar = Name(label=_("Family name in Arabic"), required=False)
    given_name_ar = Name(label=_("Given name in Arabic"), required=False)
    full_name_ar = Name(label=_("Full name in Arabic"), required=False)
    family_name_latn = Name(label=_("Family name in Latin letters"), required=False)
    given_name_latn = Name(label=_("Given name in Latin letters"), required=False)
    full_name_latn = Name(label=_("Full name in Latin letters"), required=False)
    card_number = Line(
        label=_("Card number (CIN)"), required=False, widget=_ltr(autocapitalize="characters")
    )
    birth_date = Line(
        label=_("Date of birth"),
        required=False,
        help_text=_("Day, month and year as on the card; the year alone if only that is known."),
        widget=_ltr(),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    commune = CommuneField()
    phone = Line(label=_("Phone"), required=False, widget=_ltr(inputmode="tel"))

    def __init__(self, data: Any, *, file: PersonFile, asked: str = "") -> None:
        self.shown = self._values_of(file)
        self.asked = asked
        commune = commune_shown(file.person.commune_id)
        super().__init__(data, initial=self.shown | {"commune": commune[1]})
        field = self.fields["commune"]
        assert isinstance(field, CommuneField)
        field.shown = commune
        for script in ("ar", "latn"):
            self._leave_one_way_to_name(script)
        for name in list(self.fields):
            self.fields[f"{_BEFORE}{name}"] = AsShown(
                required=False, widget=forms.HiddenInput, initial=self.shown[name], strip=False
            )

        opened_on = next(iter(self._asked_first()), "")
        if data is None and opened_on:
            self.fields[opened_on].widget.attrs["autofocus"] = True

    def _asked_first(self) -> list[str]:
        """What one came to write, else what is missing; a phone is no gap of the file."""
        if self.asked in self.fields and f"{_BEFORE}{self.asked}" in self.fields:
            return [self.asked]
        return [name for name in _NEEDED if not self.shown[name]]

    def first(self) -> list[forms.BoundField]:
        """The fields that are shown at once: those asked for, what was refused, what is typed."""
        names = self._asked_first() or list(self.shown)
        wanted = {*names, *self.errors, "household"}
        return [one for one in self if one.name in wanted or one.is_hidden]

    def others(self) -> list[forms.BoundField]:
        """The fields under “correct something else”."""
        shown = {one.name for one in self.first()}
        return [one for one in self if one.name not in shown]

    @staticmethod
    def _values_of(file: PersonFile) -> dict[str, str]:
        person = file.person
        plain = {
            name: getattr(person, name)
            for name in CorrectionForm.base_fields
            if name not in ("phone", "birth_date", "commune")
        }
        birth = birth_as_typed(person.birth_date, person.birth_precision)
        return plain | {
            "birth_date": birth,
            "commune": person.commune_id or "",
            "phone": phone_text(file.phones[0]) if file.phones else "",
        }

    def _leave_one_way_to_name(self, script: str) -> None:
        """Family and given name apart where a list gave them apart, else the full name."""
        parts = [f"family_name_{script}", f"given_name_{script}"]
        apart = any(self.shown[name] for name in parts) or not self.shown[f"full_name_{script}"]
        for name in [f"full_name_{script}"] if apart else parts:
            del self.fields[name]

    def ask_household(self) -> None:
        """Ask whether those who live with the person move along."""
        self.fields["household"] = forms.ChoiceField(
            label=_("Do the others move along?"),
            choices=HOUSEHOLD,
            widget=forms.RadioSelect,
            required=False,
        )

    def changes(self) -> dict[str, Correction]:
        """What was typed against what the page showed; only the fields that differ."""
        names = [name for name in self.fields if f"{_BEFORE}{name}" in self.fields]
        told = {
            name: Correction(self.cleaned_data[f"{_BEFORE}{name}"], self.cleaned_data[name])
            for name in names
        }
        return {name: one for name, one in told.items() if one.before != one.after}

    def stays_within(self, scope: Scope) -> bool:
        """Whether the person, as corrected, still lies in the territory."""
        code = self.cleaned_data["commune"]
        if code == self.shown["commune"]:
            return True
        commune = find_commune(code)
        return scope.covers(commune.province_id if commune else None)

    def refuse(self, refusal: DomainError) -> None:
        """Put a refusal of the room beside its field, or at the top."""
        field = refusal.params.get("field")
        if isinstance(refusal, HouseholdAsked):
            self.ask_household()
            field = "household"
        if isinstance(refusal, Question):
            ask_on(self, refusal.code)
        self.add_error(field if field in self.fields else None, refusal.sentence())


class ApplicationForm(forms.Form):
    """The trade, and the answer about a number two people hold."""

    trade = forms.TypedChoiceField(label=_("Trade"), required=False, coerce=int, empty_value=None)
    number_settled = forms.BooleanField(
        label=_("I found out who holds the register number: it is not this person's."),
        required=False,
    )

    def __init__(self, data: Any, *, trades: list[TradeRow], conflict: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        families: dict[str, list[tuple[str, str]]] = {}
        for one in trades:
            family = families.setdefault(named(one.family_ar, one.family_fr), [])
            family.append((str(one.id), named(one.name_ar, one.name_fr)))
        grouped = [
            (family, sorted(group, key=lambda g: g[1])) for family, group in families.items()
        ]
        self.fields["trade"].choices = [("", _("Choose the trade")), *grouped]  # type: ignore[attr-defined]
        if not conflict:
            del self.fields["number_settled"]


CHANNEL_WORDS = {
    "meeting": pgettext_lazy("contact", "Meeting"),
    "visit": pgettext_lazy("contact", "Visit"),
    "phone": pgettext_lazy("contact", "Phone"),
    "message": pgettext_lazy("contact", "Message"),
}


class ContactForm(forms.Form):
    """How the person was contacted, and what was said."""

    channel = forms.ChoiceField(
        label=_("How?"), choices=[(code, CHANNEL_WORDS[code]) for code in CHANNELS]
    )
    note = Note(label=_("What was said"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ReasonForm(forms.Form):
    """Why something is refused or taken away: the person is told."""

    reason = Note(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text=_("The person receives this sentence."),
    )
