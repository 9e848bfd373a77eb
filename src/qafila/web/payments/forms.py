"""Handing in a file of payments, writing down one payment, taking one back."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.linkage.values.dates import parse_date
from qafila.web.pay.forms import plain_amount
from qafila.web.site.typed_fields import Line, Note

CHANNELS = (
    ("bank", pgettext_lazy("channel", "Bank")),
    ("fund", pgettext_lazy("channel", "Fund's agency")),
    ("relay_point", pgettext_lazy("channel", "Relay point")),
    ("mobile", pgettext_lazy("channel", "Mobile payment")),
)
_CHOOSE = ("", pgettext_lazy("channel", "Choose"))


def channel_word(code: str) -> str:
    """A channel as the screen calls it."""
    return str(dict(CHANNELS).get(code, code))


def _channel() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How the money came"),
        choices=(_CHOOSE, *CHANNELS),
        error_messages={"required": _("Choose how the money came.")},
    )


class PaymentFileForm(forms.Form):
    """One file, as the bank or the operator sent it, and the channel it speaks of."""

    channel = _channel()
    file = forms.FileField(
        label=_("File of payments"),
        help_text=_(
            "A csv file up to 512 MB, or a bank's statement in CAMT.053 or MT940 up to 128 MB, as "
            "it came. Ask for a file per day when it is larger."
        ),
        error_messages={
            "required": _("Choose the file of payments first."),
            "empty": _("This file is empty. Ask its sender for it again."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xml,.sta,.mt940,.940"}),
    )


def _ltr(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", **attrs})


def day_typed(text: str) -> dt.date:
    """The day a person typed, 30/11/2026 or 2026-11-30; ValidationError for anything else."""
    found = parse_date(text)
    if found is None or found.precision != "day":
        raise forms.ValidationError(_("Write the day as 30/11/2026."))
    return found.date


class PaymentForm(forms.Form):
    """One payment as its receipt tells it."""

    amount = Line(
        label=_("Amount in dirhams"),
        max_length=20,
        widget=_ltr(inputmode="decimal"),
        error_messages={"required": _("Write the amount that was paid.")},
    )
    reference = Line(
        label=_("Number of the receipt"),
        max_length=60,
        widget=_ltr(),
        error_messages={"required": _("Write the number of the receipt.")},
    )
    channel = _channel()
    paid_on = Line(
        label=_("Day of the payment"),
        widget=_ltr(inputmode="numeric"),
        help_text=_("Day, month, year: 30/11/2026."),
        error_messages={"required": _("Write the day of the payment.")},
    )

    def clean_amount(self) -> int:
        """The amount in centimes."""
        text = plain_amount(self.cleaned_data["amount"]) or ""
        whole, _point, cents = text.partition(".")
        if not whole.isascii() or not whole.isdigit() or len(whole) > 9 or len(cents) > 2:
            raise forms.ValidationError(_("Write the amount as 163,52, with two decimals at most."))
        if cents and not (cents.isascii() and cents.isdigit()):
            raise forms.ValidationError(_("Write the amount as 163,52, with two decimals at most."))
        return int(whole) * 100 + int(cents.ljust(2, "0") or 0)

    def clean_paid_on(self) -> dt.date:
        """The day of the payment."""
        return day_typed(self.cleaned_data["paid_on"])


class NoteForm(PaymentForm):
    """A payment as the paper receipt shown at a counter tells it."""

    field_order = ("amount", "paid_on", "channel", "reference", "place")
    reference = Line(
        label=_("Number of the receipt"),
        max_length=60,
        required=False,
        widget=_ltr(),
        help_text=_("As printed on the paper. Leave it empty if there is none."),
    )
    place = Line(
        label=_("Where was it paid?"),
        max_length=120,
        required=False,
        help_text=_("The agency or the shop, and its town."),
    )


class ReversalForm(forms.Form):
    """Why a payment is taken back, and when the bank or the operator did so."""

    reason = Note(
        label=_("Why is it reversed?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why the payment is reversed.")},
    )
    on = Line(
        label=_("Date of the reversal"),
        widget=_ltr(inputmode="numeric"),
        help_text=_("Day, month, year: 30/11/2026."),
        error_messages={"required": _("Write the date of the reversal.")},
    )

    def clean_on(self) -> dt.date:
        """The day of the reversal."""
        return day_typed(self.cleaned_data["on"])


class PlanForm(forms.Form):
    """In how many parts arrears are paid, and when the first is due."""

    instalments = forms.IntegerField(
        label=_("In how many instalments?"),
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
        error_messages={
            "required": _("Write the number of instalments."),
            "invalid": _("Write the number of instalments."),
        },
    )
    first_due_on = Line(
        label=_("Day of the first instalment"),
        widget=_ltr(inputmode="numeric"),
        help_text=_("Day, month, year: 30/11/2026."),
        error_messages={"required": _("Write the day of the first instalment.")},
    )

    def clean_first_due_on(self) -> dt.date:
        """The day the first instalment is due."""
        return day_typed(self.cleaned_data["first_due_on"])


class PlanEndForm(forms.Form):
    """Why a plan ends before its end."""

    reason = Note(
        label=_("Why does the plan end?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why the plan ends.")},
    )
