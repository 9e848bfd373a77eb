"""Asking for a refund, and what the bank's line says of one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.contributions.payments.refunds.told import LONGEST_LINE, LONGEST_REASON
from qafila.web.pay.forms import plain_amount
from qafila.web.payments.forms import CHANNELS, day_typed
from qafila.web.site.typed_fields import Line, Note


class RefundForm(forms.Form):
    """How much of the credit is given back, and why."""

    amount = Line(
        label=_("Amount to give back, in dirhams"),
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"}),
        error_messages={"required": _("Write the amount to give back.")},
    )
    reason = Note(
        label=_("Why is it given back?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say in a few words why.")},
    )

    heir = Line(
        label=_("To whom: name of the heir"),
        help_text=_("The person has died: what was paid ahead goes to the heirs."),
        error_messages={"required": _("Write the name of the heir.")},
    )
    heir_document = Line(
        label=_("Deed of heirs"),
        max_length=120,
        help_text=_("Its number and date."),
        error_messages={"required": _("Write which paper shows it.")},
    )

    def __init__(self, *args: Any, to_heirs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not to_heirs:
            del self.fields["heir"], self.fields["heir_document"]

    def clean_amount(self) -> int:
        """The amount in centimes."""
        return int(Decimal(plain_amount(self.cleaned_data["amount"]) or 0) * 100)


class BankLineForm(forms.Form):
    """A line of the bank's statement: its reference, its day, and the channel for what was paid."""

    channel = forms.ChoiceField(choices=CHANNELS, required=False)
    line = Line(
        max_length=LONGEST_LINE, error_messages={"required": _("Write the bank's reference.")}
    )
    on = Line(error_messages={"required": _("Write the day of the bank's line.")})

    def clean_on(self) -> dt.date:
        """The day typed."""
        return day_typed(self.cleaned_data["on"])
