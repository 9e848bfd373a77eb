"""The form that opens a file: a name, a place, and whatever else is at hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.people.errors import PlaceNeeded
from qafila.people.opening.begin_file import NewPerson
from qafila.people.search import understood
from qafila.web.people.presenter import phone_text
from qafila.web.person_changes.forms import SEXES
from qafila.web.site.commune_field import CommuneField
from qafila.web.site.typed_fields import Line, Name

_LTR = {"dir": "ltr", "autocomplete": "off"}


class NewPersonForm(forms.Form):
    """Who it is; the name in one script is enough, the commune says whose file it is."""

    full_name_ar = Name(label=_("Full name in Arabic"), required=False)
    full_name_latn = Name(label=_("Full name in Latin letters"), required=False)
    commune = CommuneField()
    card_number = Line(
        label=_("Card number (CIN)"),
        required=False,
        widget=forms.TextInput(attrs={**_LTR, "autocapitalize": "characters"}),
    )
    phone = Line(
        label=_("Phone"), required=False, widget=forms.TextInput(attrs={**_LTR, "inputmode": "tel"})
    )
    birth_date = Line(
        label=_("Date of birth"),
        required=False,
        help_text=_("Day, month and year as on the card; the year alone if only that is known."),
        widget=forms.TextInput(attrs=_LTR),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["commune"]
        place.required = True
        place.error_messages["required"] = PlaceNeeded.template
        self.fields["full_name_ar"].widget.attrs["dir"] = "rtl"
        self.fields["full_name_latn"].widget.attrs["dir"] = "ltr"

    def new_person(self) -> NewPerson:
        """What the form says."""
        told = {name: self.cleaned_data[name] for name in self.base_fields}
        return NewPerson(**told)


def typed_before(query: str) -> dict[str, Any]:
    """What was typed into the search box, at its place in the form."""
    asked = understood(query)
    latin = asked.words.isascii() or not any("\u0600" <= one <= "\u06ff" for one in asked.words)
    name = {"full_name_latn" if latin else "full_name_ar": asked.words}
    card = {"card_number": asked.cards[0]} if asked.cards else {}
    phone = {"phone": phone_text(asked.phones[0])} if asked.phones else {}
    return {**name, **card, **phone}
