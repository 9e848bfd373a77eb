"""What is asked of a spouse or a child who is declared: each is asked only what concerns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.enrolment.family.family import FamilyFacts, Relative
from qafila.linkage.values.identifiers import normalise_card_number
from qafila.web.acts.fields import DayField
from qafila.web.family.forms import CUSTODY
from qafila.web.site.typed_fields import Line, Name

_SEXES = (("", _("Not known")), ("F", _("Woman")), ("M", _("Man")))
_NOT_DIVORCED = ("", pgettext_lazy("custody", "The parents are not divorced"))


class _MemberForm(forms.Form):
    """A member of the family as the insured person speaks of them."""

    full_name_ar = Name(label=_("Full name in Arabic"), required=False)
    full_name_latn = Name(label=_("Full name in Latin letters"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    birth_date = DayField(label=_("Date of birth"))
    card_number = Line(
        label=_("Card number (CIN)"),
        required=False,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )

    def clean_card_number(self) -> str:
        """The number in its one form; a sentence when it cannot be a card number."""
        text = self.cleaned_data["card_number"]
        card = normalise_card_number(text) if text else None
        if text and card is None:
            raise forms.ValidationError(
                _("A card number is one or two letters and up to six digits. Check it on the card.")
            )
        return str(card) if card else ""

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
        asked = self.fields.keys() & FamilyFacts.__dataclass_fields__.keys()
        return FamilyFacts(
            **{name: self.cleaned_data[name] for name in asked}, confirmed=tuple(confirmed)
        )


class SpouseForm(_MemberForm):
    """A husband or a wife."""

    joined_on = DayField(
        label=_("Day of the marriage"),
        required=False,
        help_text=_("Rights begin on that day. If nobody knows it, leave it empty."),
    )
    judges_leave = Line(
        label=_("Judge's leave for the marriage"),
        help_text=_(
            "Its number and date. Needed before eighteen years of age, and for another wife."
        ),
        required=False,
        max_length=120,
    )
    has_own_scheme = forms.BooleanField(
        label=_("Has health insurance of their own."), required=False
    )
    lives_elsewhere = forms.BooleanField(
        label=_("Does not live with the insured person."), required=False
    )


class ChildForm(_MemberForm):
    """A child, of one's own or taken in."""

    taken_in = forms.BooleanField(label=_("Child taken in (kafala)."), required=False)
    joined_on = DayField(
        label=_("Day of the kafala"),
        required=False,
        help_text=_("Only for a child taken in: rights begin on that day."),
    )
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
        choices=(_NOT_DIVORCED, *CUSTODY),
        required=False,
    )
    schooling_until = DayField(
        label=_("Studies until"),
        help_text=_("For a child over 21 who studies: the last day of the school year."),
        required=False,
    )
    disabled = forms.BooleanField(label=_("Child with a disability."), required=False)
    married = forms.BooleanField(label=_("Child who is married."), required=False)
    has_own_scheme = forms.BooleanField(
        label=_("Has health insurance of their own."), required=False
    )
    lives_elsewhere = forms.BooleanField(
        label=_("Does not live with the insured person."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a day of kafala for a child who was not taken in."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("joined_on") and not data.get("taken_in"):
            self.add_error(
                "joined_on",
                _(
                    "The date applies to a child taken in only. Tick “taken in”, or leave the "
                    "date empty."
                ),
            )
        return data
