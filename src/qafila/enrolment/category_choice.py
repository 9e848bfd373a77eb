"""In which category a craftworker is declared: pure, the month is passed in.

Whoever is taxed under the single professional contribution or as auto-entrepreneur belongs there;
only the others are craftworkers without taxation (decree on craftworkers, law.md §2 a). Several
taxed activities owe, since the end of 2023, the single highest contribution.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila_law import Category, monthly_amount

CATEGORY_LABELS: dict[str, Promise] = {
    "craftworker": _("Craftworker"),
    "cpu": _("Single professional contribution"),
    "auto_entrepreneur": _("Auto-entrepreneur"),
    "accounts": _("Keeping accounts"),
}
"""Category → its name, in the language in force."""

LOWEST_TAX_BAND = "lowest_tax_band"
"""Assumption: no list tells the tax, and a nil turnover still owes the lowest band."""

PROFIT_UNKNOWN = "profit_unknown"
"""Assumption: no list tells the regime, so the rule for an unknown profit applies."""


@dataclass(frozen=True)
class Activities:
    """What lists say of a person: an active auto-entrepreneur card, the tax list, the tax in DH."""

    auto_entrepreneur: bool
    cpu: bool
    annual_tax_dh: int | None = None


@dataclass(frozen=True)
class Choice:
    """The category, as the database writes it, the tax it is called by, and what was assumed."""

    category: str
    annual_tax_dh: int | None
    assumption: str


def chosen_category(activities: Activities, month: dt.date) -> Choice:
    """The category with the highest contribution in `month`. Raises qafila_law.LawError."""
    taxed: list[tuple[Category, int, str]] = []
    if activities.auto_entrepreneur:
        taxed.append((Category.AUTO_ENTREPRENEUR, 0, LOWEST_TAX_BAND))
    if activities.cpu:
        known = activities.annual_tax_dh is not None
        assumption = "" if known else LOWEST_TAX_BAND
        taxed.append((Category.CPU, activities.annual_tax_dh or 0, assumption))
    if not taxed:
        return Choice(Category.CRAFTWORKER.key, None, "")
    category, tax, assumption = max(
        taxed, key=lambda one: monthly_amount(one[0], month, annual_tax=one[1]).monthly_centimes
    )
    return Choice(category.key, tax, assumption)
