"""How a year paid with the tax is paid, and what its final tax was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.enrolment.tax_years import MOST_LETTERS, MOST_TAX_DH, last_day_to_choose
from qafila.web.design.components import Text
from qafila.web.pay.forms import plain_amount
from qafila.web.site.typed_fields import Line

PERIODICITIES: tuple[tuple[str, Text], ...] = (
    ("quarterly", pgettext_lazy("tax year", "By the quarter")),
    ("yearly", pgettext_lazy("tax year", "The whole year at once")),
)
YEARS_BACK = 5


def years_to_choose(category: str, today: dt.date) -> list[int]:
    """The years whose payment can still be chosen: this one until its first payment, the next."""
    return [
        year for year in (today.year, today.year + 1) if today <= last_day_to_choose(category, year)
    ]


class YearPaymentForm(forms.Form):
    """By the quarter or at once, for a year whose first payment is still to come."""

    prefix = "payment"
    year = forms.TypedChoiceField(
        label=pgettext_lazy("tax year", "Year"),
        coerce=int,
        error_messages={"required": _("Choose the year."), "invalid_choice": _("Choose the year.")},
    )
    periodicity = forms.ChoiceField(
        label=_("How is it paid?"),
        choices=PERIODICITIES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the year is paid.")},
    )

    def __init__(self, *args: Any, category: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = years_to_choose(category, today)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class FinalTaxForm(forms.Form):
    """The final tax of a year that is over, in whole dirhams, and its paper."""

    prefix = "final"
    year = forms.TypedChoiceField(
        label=pgettext_lazy("tax year", "Year"),
        coerce=int,
        error_messages={"required": _("Choose the year."), "invalid_choice": _("Choose the year.")},
    )
    tax_dh = Line(
        label=_("Tax of the year in dirhams"),
        max_length=20,
        help_text=_(
            "In whole dirhams, for the months worked in that year, without the part for "
            "health insurance."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Write the tax of the year.")},
    )
    document = Line(
        label=_("Which paper shows it?"),
        max_length=MOST_LETTERS,
        help_text=_("For example: tax notice no. 1234 of 15/02/2026."),
        error_messages={"required": _("Write which paper shows it.")},
    )

    def __init__(self, *args: Any, today: dt.date, since: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = range(today.year - 1, max(since, today.year - 1 - YEARS_BACK) - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def clean_tax_dh(self) -> int:
        """The tax in whole dirhams, centimes cut as the law cuts them."""
        text = plain_amount(self.cleaned_data["tax_dh"]) or ""
        whole, _point, cents = text.partition(".")
        known = whole.isascii() and whole.isdigit() and (not cents or cents.isdigit())
        if not known or int(whole) > MOST_TAX_DH:
            raise forms.ValidationError(_("Write the tax in whole dirhams, such as 3200."))
        return int(whole)
