"""Choosing the month to run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.web.pay.forms import months_offered
from qafila.web.runs.months_asked import month_of


class MonthForm(forms.Form):
    """One month, from the scheme's start to a year ahead."""

    month = forms.CharField(
        label=_("Month to call"),
        widget=forms.Select(),
        error_messages={"required": _("Choose a month.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"month": f"{today:%Y-%m}"})
        super().__init__(*args, **kwargs)
        self.fields["month"].widget.choices = list(months_offered(today))

    def clean_month(self) -> dt.date:
        """The first day of the month chosen."""
        month = month_of(self.cleaned_data["month"])
        if month is None:
            raise forms.ValidationError(_("Choose a month."))
        return month
