"""What the papers of this room share: the language, the letterhead, amounts and days as told."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import qafila.documents
from qafila.contributions.errors import LanguageNotPrinted
from qafila.foundation.clock import day_of
from qafila.people.models import Person
from qafila_law.steps import MonthOf
from qafila_law.wording.catalogues import catalogue
from qafila_law.wording.sentences import told_value

PRINTED = ("ar", "fr", "zgh")
TEMPLATES = Path(qafila.documents.__file__).parent / "templates"


@contextlib.contextmanager
def printed_in(language: str) -> Iterator[None]:
    """The language of a paper; LanguageNotPrinted when papers do not come in it."""
    if language not in PRINTED:
        raise LanguageNotPrinted(language=language, known=", ".join(PRINTED))
    with translation.override(language):
        yield


def letterhead(person: Person, fund_number: str, language: str, at: dt.datetime) -> dict[str, Any]:
    """What stands at the top of each paper: whom it is for, by name and fund number only."""
    names = (person.full_name_ar, person.full_name_latn)
    name = next(filter(None, names if language == "ar" else reversed(names)), "")
    facts = [
        (pgettext("paper", "Name"), name),
        (pgettext("paper", "Fund number"), fund_number),
        (pgettext("paper", "Printed on"), day(day_of(at))),
    ]
    return {
        "language": language,
        "right_to_left": language == "ar",
        "demonstration": _("Demonstration: this paper has no value.") if settings.DEMO else "",
        "subtitle": _("Compulsory health insurance (AMO) of the self-employed"),
        "facts": [{"label": label, "value": value} for label, value in facts if value],
    }


def day(date: dt.date) -> str:
    """A day in figures, the same in every script."""
    return f"{date:%d/%m/%Y}"


def month_named(month: dt.date, language: str) -> str:
    """A month by its Moroccan name."""
    return told_value(MonthOf(month), language)


def money(centimes: int, language: str) -> str:
    """An amount without its sign, always with both decimals, and the currency."""
    formats = catalogue(language)["formats"]
    swap = {",": formats["thousands"], ".": formats["decimal"]}
    number = "".join(swap.get(sign, sign) for sign in f"{Decimal(abs(centimes)) / 100:,.2f}")
    return str(formats["money"].format(number=number))
