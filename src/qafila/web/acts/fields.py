"""Fields that acts share: a month, a day, whole dirhams, a reason, the paper that shows it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.linkage.values.dates import parse_date
from qafila.web.acts.flow import month_in_words
from qafila.web.design.figures import day_text, money_text
from qafila.web.pay.forms import plain_amount
from qafila.web.site.typed_fields import Line, Note

_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])\s*[/.-]\s*(20\d\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"(20\d\d)\s*[/.-]\s*(0?[1-9]|1[0-2])", re.ASCII)


def _ltr(**attrs: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"dir": "ltr", "autocomplete": "off", "inputmode": "numeric", **attrs}
    )


class MonthField(Line):
    """A month typed as 11/2026; its first day comes out."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Month and year: 11/2026."))
        options.setdefault("error_messages", {"required": _("Write the month as 11/2026.")})
        super().__init__(max_length=20, widget=_ltr(), **options)

    def clean(self, value: Any) -> dt.date | None:
        """The first day of the month; a sentence when it cannot be read as one."""
        text = str(super().clean(value)).strip()
        if not text and not self.required:
            return None
        if found := _MONTH_FIRST.fullmatch(text):
            return dt.date(int(found[2]), int(found[1]), 1)
        if found := _YEAR_FIRST.fullmatch(text):
            return dt.date(int(found[1]), int(found[2]), 1)
        raise forms.ValidationError(_("Write the month as 11/2026."))

    def in_words(self, value: Any) -> str:
        """The month as people say it."""
        return month_in_words(value)


class DayField(Line):
    """A day typed as 30/11/2026."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Day, month, year: 30/11/2026."))
        options.setdefault("error_messages", {"required": _("Write the day as 30/11/2026.")})
        super().__init__(max_length=30, widget=_ltr(), **options)

    def clean(self, value: Any) -> dt.date | None:
        """The day; a sentence when it cannot be read as one."""
        text = str(super().clean(value)).strip()
        if not text and not self.required:
            return None
        found = parse_date(text)
        if found is None or found.precision != "day":
            raise forms.ValidationError(_("Write the day as 30/11/2026."))
        return found.date

    def in_words(self, value: Any) -> str:
        """The day as people say it."""
        return day_text(value) if value else ""


class WholeDirhamsField(Line):
    """An amount in whole dirhams, or nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, widget=_ltr(), **options)

    def clean(self, value: Any) -> int | None:
        """Whole dirhams, centimes cut as the law cuts them; None for nothing."""
        text = plain_amount(str(super().clean(value)))
        if text is None:
            return None
        whole = text.partition(".")[0]
        if not (whole.isascii() and whole.isdigit() and len(whole) < 13):
            raise forms.ValidationError(_("Write the tax in whole dirhams, such as 3200."))
        return int(whole)

    def in_words(self, value: Any) -> str:
        """The amount; nothing for nothing."""
        return "" if value is None else money_text(value * 100)


class ReasonField(Note):
    """Why something ends, is refused or taken away, in a sentence."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        options.setdefault("help_text", _("The person receives this sentence."))
        options.setdefault("error_messages", {"required": _("Write the reason.")})
        super().__init__(max_length=500, **options)
        self.widget.attrs["rows"] = 2


class PaperField(Line):
    """The paper that shows it: its kind and its number or date."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Which paper shows it?"))
        options.setdefault("help_text", _("For example: tax notice no. 1234 of 15/02/2026."))
        options.setdefault("error_messages", {"required": _("Write which paper shows it.")})
        super().__init__(max_length=120, **options)
