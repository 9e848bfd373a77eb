"""The questions of "what would I pay": what was typed, made ready for the law."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.tables.numbers import TWO_WAYS, NumberRefused, read_number
from qafila.web.design.figures import month_text
from qafila.web.site.typed_fields import Line
from qafila_law import Category, LawError, Regime, first_month
from qafila_law.wording.sentences import error_sentence

CATEGORIES = (
    (Category.CRAFTWORKER.value, _("Craftworker without accounts")),
    (Category.CPU.value, _("Single professional contribution (CPU)")),
    (Category.AUTO_ENTREPRENEUR.value, _("Auto-entrepreneur")),
    (Category.ACCOUNTS.value, _("I keep accounts")),
)
_REGIMES = (
    (Regime.SIMPLIFIED.value, _("Simplified net result (RNS)")),
    (Regime.REAL.value, _("Real net result (RNR)")),
)
_MONTHS_AROUND = 12
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
# Which field a refusal of the law belongs to, by its code; missing facts name theirs.
_FIELD_OF_REFUSAL = {
    "unknown_category": "category",
    "bad_month": "month",
    "month_before_scheme": "month",
    "no_rule_yet": "month",
    "unknown_regime": "regime",
}


_NO_TAX = _("Write the tax of the year, or 0 if you owe none.")
_TWO_WAYS = _(
    "“%(typed)s” can be read in two ways. Write the amount with two decimals, as 1560,00 or 1,56."
)
_NO_AMOUNT = _("“%(typed)s” is not an amount. Write it as 163,52, with two decimals at most.")
_AMOUNTS = {
    Category.CPU: ("annual_tax",),
    Category.AUTO_ENTREPRENEUR: ("annual_tax",),
    Category.ACCOUNTS: ("profit",),
}


class PayForm(forms.Form):
    """Category, month, and the facts that some categories turn on."""

    category = Line(
        label=_("How do you work?"),
        widget=forms.RadioSelect(choices=CATEGORIES),
        error_messages={"required": _("Choose how you work.")},
    )
    annual_tax = Line(
        label=_("Income tax of the year, in dirhams"),
        help_text=_("As on your tax notice; 0 if you owe none. Example: 640"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )
    regime = Line(
        label=_("Your tax regime"),
        required=False,
        widget=forms.RadioSelect(choices=_REGIMES),
    )
    profit = Line(
        label=_("Profit of the year, in dirhams"),
        help_text=_("Only for RNR. Leave it empty if you do not know it yet."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )
    month = Line(
        label=_("For which month?"),
        error_messages={"required": _("Choose a month.")},
        widget=forms.Select(),
    )

    def __init__(
        self, *args: Any, today: dt.date, typed: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        """`typed` is what somebody wrote so far: it stays, and is not judged yet."""
        given = {name: value for name, value in (typed or {}).items() if value}
        kwargs["initial"] = {"category": "craftworker", "month": f"{today:%Y-%m}", **given}
        super().__init__(*args, **kwargs)
        offered: list[Any] = list(months_offered(today))
        asked = self.data.get("month") if self.is_bound else None
        if self.is_bound and not _is_offered(asked, offered):
            offered.insert(0, _besides(asked))
        self.fields["month"].widget.choices = offered

    def clean(self) -> dict[str, Any] | None:
        """Amounts that the category turns on have to be readable in one way."""
        typed = super().clean()
        for name in _AMOUNTS.get(self.cleaned_data.get("category", ""), ()):
            try:
                plain_amount(self.cleaned_data.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        asks_tax = self.cleaned_data.get("category") in (Category.CPU, Category.AUTO_ENTREPRENEUR)
        if asks_tax and self.cleaned_data.get("annual_tax") == "":
            self.add_error("annual_tax", _NO_TAX)
        return typed

    def question(self) -> dict[str, Any]:
        """The keyword arguments of `qafila_law.monthly_amount`; call it on a valid form."""
        typed = self.cleaned_data
        category = typed["category"]
        question: dict[str, Any] = {"category": category, "month": typed["month"]}
        if category in (Category.CPU, Category.AUTO_ENTREPRENEUR):
            question["annual_tax"] = plain_amount(typed["annual_tax"])
        if category == Category.ACCOUNTS:
            question["regime"] = typed["regime"] or None
            question["profit"] = plain_amount(typed["profit"])
        return question

    def refuse(self, refusal: LawError, language: str) -> None:
        """Put the law's sentence at the field it is about."""
        field = _FIELD_OF_REFUSAL.get(refusal.code)
        if field is None and self.cleaned_data["category"] != Category.ACCOUNTS:
            field = "annual_tax"
        elif field is None:
            field = "regime" if refusal.code == "missing_fact" else "profit"
        self.add_error(field, error_sentence(refusal, language))


def plain_amount(typed: str) -> str | None:
    """An amount as people type it ("1 560,50", "1.560,50") with a point for decimals, or None.

    ValidationError where it can be read in two ways ("1.560") or in none ("1e5").
    """
    if not typed.strip():
        return None
    try:
        return f"{read_number(typed):f}"
    except NumberRefused as refused:
        sentence = _TWO_WAYS if refused.code == TWO_WAYS else _NO_AMOUNT
        raise forms.ValidationError(sentence % {"typed": typed.strip()[:30]}) from refused


def _besides(asked: str | None) -> tuple[str, Any]:
    """A month that is not offered stays when the law knows it; else one is asked to choose."""
    month = dt.date.fromisoformat(f"{asked}-01") if _MONTH.fullmatch(asked or "") else None
    if month is None or month < _opening():
        return "", _("Choose a month.")
    return str(month.year), [(f"{month:%Y-%m}", month_text(month))]


def _opening() -> dt.date:
    return min(first_month(category) for category in Category)


def _is_offered(month: str | None, offered: list[Any]) -> bool:
    return any(month == value for _, months in offered for value, _ in months)


def months_offered(today: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Months by year, the latest year first: from a year ago, or the scheme's start, on."""
    now = today.year * 12 + today.month - 1
    opening = _opening()
    first = max(opening.year * 12 + opening.month - 1, now - _MONTHS_AROUND)
    last = now + _MONTHS_AROUND
    years: dict[str, list[tuple[str, str]]] = {}
    for index in range(last, first - 1, -1):
        month = dt.date(index // 12, index % 12 + 1, 1)
        years.setdefault(str(month.year), []).append((f"{month:%Y-%m}", month_text(month)))
    return list(years.items())
