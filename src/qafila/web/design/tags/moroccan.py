"""Filters for figures: `{% load moroccan %}`, then money, whole, percent, day, month, moment.

A missing value (None or "") is shown as nothing.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qafila.web.design import figures

register = template.Library()


def _is_there(value: Any) -> bool:
    return value is not None and value != ""


@register.filter
def money(centimes: Any) -> str:
    """Integer centimes as dirhams with their unit."""
    return figures.money_text(int(centimes)) if _is_there(centimes) else ""


@register.filter
def whole(value: Any) -> str:
    """A count with its thousands set apart."""
    return figures.number_text(value) if _is_there(value) else ""


@register.filter
def percent(share: Any) -> str:
    """A share between 0 and 1 as a percentage."""
    return figures.percent_text(Decimal(str(share))) if _is_there(share) else ""


@register.filter
def day(value: dt.date | None) -> str:
    """A date."""
    return figures.day_text(value) if value else ""


@register.filter
def month(value: dt.date | None) -> str:
    """The month a date lies in."""
    return figures.month_text(value) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """An aware date and time, in Moroccan time."""
    return figures.moment_text(value) if value else ""


@register.filter
def identifier(value: object) -> SafeString | str:
    """A card, phone, register or fund number: always left to right, kept on one line."""
    if value in (None, ""):
        return ""
    return format_html('<bdi dir="ltr" class="identifier">{}</bdi>', value)
