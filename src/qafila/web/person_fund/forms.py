"""What is asked for when an enrolment is declared, confirmed, changed or ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.enrolment.changes import Facts
from qafila.web.acts.fields import MonthField, PaperField, ReasonField, WholeDirhamsField
from qafila.web.site.typed_fields import Line

TAXED = ("cpu", "auto_entrepreneur")
_REGIMES = (
    ("", pgettext_lazy("regime", "Not known yet")),
    ("rns", _("Simplified net result (RNS)")),
    ("rnr", _("Real net result (RNR)")),
)


def _tax() -> WholeDirhamsField:
    return WholeDirhamsField(
        label=_("Yearly tax in dirhams"),
        help_text=_(
            "For the single professional contribution (CPU) and auto-entrepreneurs, as on the tax "
            "notice. Empty: the lowest band is counted until it is known."
        ),
    )


def _regime() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Tax regime"),
        choices=_REGIMES,
        required=False,
        help_text=_("Only for those who keep accounts."),
    )


def _profit() -> WholeDirhamsField:
    return WholeDirhamsField(
        label=_("Profit of the year in dirhams"),
        help_text=_("Only for the real net result (RNR). Empty if it is not known yet."),
    )


class _FactsForm(forms.Form):
    """A form that ends with the facts a category turns on."""

    def facts(self) -> Facts:
        """The facts of the category alone; the others do not count for it."""
        typed = self.cleaned_data
        return Facts(typed.get("tax"), typed.get("regime") or "", typed.get("profit"))


class _CategoryForm(_FactsForm):
    """A category, a month, and the facts."""

    category = forms.ChoiceField(
        label=pgettext_lazy("column", "Category"),
        choices=list(CATEGORY_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the category.")},
    )
    month = MonthField(label=_("First month in this category"))
    tax = _tax()
    regime = _regime()
    profit = _profit()

    def facts(self) -> Facts:
        """The facts of the category alone; the others do not count for it."""
        typed, category = self.cleaned_data, self.cleaned_data["category"]
        accounts = category == "accounts"
        return Facts(
            typed["tax"] if category in TAXED else None,
            typed["regime"] if accounts else "",
            typed["profit"] if accounts else None,
        )


class DeclareForm(_CategoryForm):
    """Declaring a person to the fund."""

    month = MonthField(label=_("First month of the enrolment"))


class ChangeCategoryForm(_CategoryForm):
    """Another category from a month on."""


class ConfirmForm(forms.Form):
    """The number the fund gave."""

    number = Line(
        label=pgettext_lazy("column", "Fund number"),
        max_length=20,
        help_text=_("Nine digits, as on the fund's letter."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Write the nine digits the fund gave.")},
    )


class CessationForm(forms.Form):
    """The end of an activity."""

    month = MonthField(
        label=_("First month without a contribution"),
        help_text=_("The month after the activity ended, such as 12/2026."),
    )
    reason = ReasonField(label=_("Why does the enrolment end?"))


class RefuseForm(forms.Form):
    """The fund does not take the person."""

    reason = ReasonField(label=_("Why does the fund refuse?"))


class BackForm(forms.Form):
    """Why an act is taken back."""

    reason = ReasonField(label=_("Why is it reversed?"))


class DecideForm(forms.Form):
    """Of two enrolments that met, this one goes on; the others end."""

    month = MonthField(
        label=_("First month in which the other enrolment asks nothing"),
        help_text=_("What it asked for earlier months counts again. Such as 12/2026."),
    )
    reason = ReasonField(label=_("Why this one?"))


class CorrectFactsForm(_FactsForm):
    """The facts of a running enrolment, with their paper."""

    tax = _tax()
    regime = _regime()
    profit = _profit()
    paper = PaperField()

    def __init__(self, data: Any, *, category: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        unasked = ("regime", "profit") if category in TAXED else ("tax",)
        for name in unasked:
            del self.fields[name]
