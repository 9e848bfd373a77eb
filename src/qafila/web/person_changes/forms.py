"""Forms of a person's file: corrections, the application, the family, a contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.accompaniment.contacts import CHANNELS
from qafila.enrolment.family.family import FamilyFacts, Relative
from qafila.foundation.actors import Scope
from qafila.foundation.errors import DomainError, Question
from qafila.linkage.values.dates import parse_date
from qafila.linkage.values.identifiers import normalise_card_number
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

_SEXES = (("", _("Not known")), ("F", _("Woman")), ("M", _("Man")))
_BEFORE = "before_"


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
    sex = forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    commune = CommuneField()
    phone = Line(label=_("Phone"), required=False, widget=_ltr(inputmode="tel"))

    def __init__(self, data: Any, *, file: PersonFile) -> None:
        self.shown = self._values_of(file)
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


_CUSTODY = (
    ("", pgettext_lazy("custody", "The parents are not divorced")),
    ("insured", pgettext_lazy("custody", "The insured person")),
    ("other_parent", pgettext_lazy("custody", "The other parent")),
    ("third_person", pgettext_lazy("custody", "Someone else")),
)
_OF_CHILDREN = (
    "taken_in",
    "other_parent_insured",
    "custody",
    "married",
    "disabled",
    "schooling_until",
    "not_the_same",
)


class MemberForm(forms.Form):
    """A spouse or child as the insured person speaks of them, and what the law asks."""

    relation = forms.ChoiceField(
        label=_("Who is it?"),
        choices=[
            ("spouse", pgettext_lazy("family", "Spouse")),
            ("child", pgettext_lazy("family", "Child")),
        ],
        widget=forms.RadioSelect,
    )
    full_name_ar = Name(label=_("Full name in Arabic"), required=False)
    full_name_latn = Name(label=_("Full name in Latin letters"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    birth_date = Line(label=_("Date of birth"), help_text=_("Day, month and year."), widget=_ltr())
    card_number = Line(label=_("Card number (CIN)"), required=False, widget=_ltr())
    joined_on = Line(
        label=_("Day of the marriage or the kafala"),
        required=False,
        widget=_ltr(),
        help_text=_(
            "For a spouse, or a child taken in: rights begin on that day. If nobody knows "
            "it, leave it empty."
        ),
    )
    has_own_scheme = forms.BooleanField(
        label=_("Has health insurance of their own."), required=False
    )
    taken_in = forms.BooleanField(label=_("Child taken in (kafala)."), required=False)
    other_parent_insured = forms.BooleanField(
        label=_("Child whose other parent is insured too."),
        help_text=_(
            "When both parents are insured, the law covers the child with the father, or "
            "after a divorce with the parent who has custody."
        ),
        required=False,
    )
    custody = forms.ChoiceField(
        label=_("After a divorce: who has custody of the child?"),
        choices=_CUSTODY,
        required=False,
    )
    married = forms.BooleanField(label=_("Child who is married."), required=False)
    disabled = forms.BooleanField(label=_("Child with a disability."), required=False)
    schooling_until = forms.DateField(
        label=_("Studies until"),
        help_text=_("For a child over 21 who studies."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    judges_leave = Line(
        label=_("Judge's leave for the marriage"),
        help_text=_(
            "Its number and date. Needed before eighteen years of age, and for another wife."
        ),
        required=False,
        max_length=120,
    )
    lives_elsewhere = forms.BooleanField(
        label=_("Does not live with the insured person."), required=False
    )
    not_the_same = forms.BooleanField(
        label=_("Another child with the same name and day of birth, such as a twin"),
        required=False,
    )

    def clean_birth_date(self) -> dt.date:
        """The day; a sentence when it cannot be read as one."""
        found = parse_date(self.cleaned_data["birth_date"])
        if found is None or found.precision != "day":
            raise forms.ValidationError(_("Type the day, the month and the year, as 17/05/1980."))
        return found.date

    def clean_joined_on(self) -> dt.date | None:
        """The day, None when nobody knows it; a sentence when it cannot be read as one."""
        text = self.cleaned_data["joined_on"]
        found = parse_date(text) if text else None
        if text and (found is None or found.precision != "day"):
            raise forms.ValidationError(
                _("Type the day, the month and the year, as 17/05/1980, or leave it empty.")
            )
        return found.date if found else None

    def clean_card_number(self) -> str:
        """The number in its one form; a sentence when it cannot be a card number."""
        text = self.cleaned_data["card_number"]
        card = normalise_card_number(text) if text else None
        if text and card is None:
            raise forms.ValidationError(
                _("A card number is one or two letters and up to six digits. Check it on the card.")
            )
        return str(card) if card else ""

    def clean(self) -> dict[str, Any]:
        """Refuse what was ticked for somebody it cannot be about."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("relation") == "spouse":
            for name in _OF_CHILDREN:
                if data.get(name):
                    self.add_error(name, _("This can be said of a child only."))
        elif data.get("joined_on") and not data.get("taken_in"):
            self.add_error(
                "joined_on",
                _("A day is asked for a child taken in. Tick “taken in”, or leave the day empty."),
            )
        return data

    def relative(self) -> Relative:
        """The member as typed."""
        data = self.cleaned_data
        return Relative(
            data["full_name_ar"],
            data["full_name_latn"],
            data["sex"],
            data["birth_date"],
            data["card_number"],
        )

    def facts(self, confirmed: Sequence[str] = ()) -> FamilyFacts:
        """What the law asks beyond the date of birth, and the questions answered."""
        names = (
            "has_own_scheme",
            "taken_in",
            "married",
            "disabled",
            "schooling_until",
            "joined_on",
            "other_parent_insured",
            "custody",
            "judges_leave",
            "not_the_same",
            "lives_elsewhere",
        )
        facts = {name: self.cleaned_data[name] for name in names}
        return FamilyFacts(**facts, confirmed=tuple(confirmed))


_CHANNELS = {
    "meeting": pgettext_lazy("contact", "Meeting"),
    "visit": pgettext_lazy("contact", "Visit"),
    "phone": pgettext_lazy("contact", "Phone"),
    "message": pgettext_lazy("contact", "Message"),
}


class ContactForm(forms.Form):
    """How the person was contacted, and what was said."""

    channel = forms.ChoiceField(
        label=_("How?"), choices=[(code, _CHANNELS[code]) for code in CHANNELS]
    )
    note = Note(label=_("What was said"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ReasonForm(forms.Form):
    """Why something is refused or taken away: the person is told."""

    reason = Note(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text=_("The person is told this sentence."),
    )
