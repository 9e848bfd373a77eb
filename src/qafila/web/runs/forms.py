"""Choosing the month to run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.web.design.figures import month_text
from qafila.web.runs.months_asked import month_of
from qafila.web.site.typed_fields import Line, Note


class MonthForm(forms.Form):
    """One month: one of those that can be called, the next first, or another one by its name."""

    month = Line(label=_("Month to call"), widget=forms.Select(), required=False)
    other = Line(
        label=_("Or another month, by its name"),
        help_text=_("Such as 2026-11. It is called only after its name is typed once more."),
        required=False,
        max_length=7,
    )

    def __init__(self, *args: Any, callable_months: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{month:%Y-%m}", month_text(month)) for month in callable_months]
        self.fields["month"].widget.choices = choices
        if not choices:
            del self.fields["month"]

    def clean(self) -> dict[str, Any]:
        """`month`: the first day of the month chosen or named."""
        told = dict(super().clean() or {})
        named = str(told.get("other") or "").strip()
        month = month_of(named or str(told.get("month") or ""))
        if month is None:
            where = "other" if named or "month" not in self.fields else "month"
            self.add_error(where, _("Choose a month."))
        return {**told, "month": month}


class CounterPostingForm(forms.Form):
    """Why a run is counter-posted."""

    reason = Note(
        label=_("Why is it counter-posted?"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say in a few words why.")},
    )
