"""Tell steps and errors in Arabic, French, Amazigh and English from the package's own catalogues.

The same sentences serve a page, a letter, a text message and a voice message: amounts first, each
legal term explained where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from qafila_law.errors import LawError
from qafila_law.money import Money, Term
from qafila_law.steps import Count, MonthOf, Percent, Step
from qafila_law.wording.catalogues import catalogue, day_in_words
from qafila_law.wording.references import reference_in


def _number(value: Decimal | int, decimals: int | None, formats: Mapping[str, Any]) -> str:
    plain = f"{Decimal(value).normalize():,f}" if decimals is None else f"{value:,.{decimals}f}"
    swap = {",": formats["thousands"], ".": formats["decimal"]}
    return "".join(swap.get(sign, sign) for sign in plain)


def _plural_form(number: int, forms: Mapping[str, str]) -> str:
    """one, two, few (3 to 10) or other, as far as the language tells them apart."""
    wanted = {1: "one", 2: "two"}.get(number, "few" if 3 <= number <= 10 else "other")
    return wanted if wanted in forms else "other"


def told_value(value: object, language: str) -> str:
    """One fact of a sentence as people write it in `language`."""
    formats = catalogue(language)["formats"]
    match value:
        case Money(centimes):
            number = _number(Decimal(centimes) / 100, 2 if centimes % 100 else 0, formats)
            return str(formats["money"].format(number=number))
        case Percent(share):
            return str(formats["percent"].format(number=_number(share * 100, None, formats)))
        case MonthOf(first_day):
            return day_in_words(first_day, language, "month")
        case Count() as count:
            return _counted(count, language)
        case Term(key):
            return str(catalogue(language)["terms"][key])
        case date():
            return day_in_words(value, language)
        case Decimal():
            return _number(value, None, formats)
        case _:
            return str(value)


def _counted(count: Count, language: str, case: str = "") -> str:
    forms = catalogue(language)["counts"][count.noun]
    form = _plural_form(count.number, forms)
    return str(forms.get(form + case, forms[form])).format(number=count.number)


def _filled(template: str, facts: Mapping[str, object], language: str) -> str:
    told = {name: told_value(value, language) for name, value in facts.items()}
    # After a verb or a preposition Arabic writes two months otherwise: {months_after}.
    for name, value in facts.items():
        if isinstance(value, Count):
            told[f"{name}_after"] = _counted(value, language, "_after")
        else:
            told[f"{name}_after"] = told[name]
    return template.format(**told)


def labels(language: str) -> Mapping[str, str]:
    """The names of an answer's fields, and of words such as statuses (`status_open`)."""
    texts = catalogue(language)
    return {**texts["terms"], **texts["fields"]}


def step_sentence(step: Step, language: str) -> str:
    """One step in words."""
    return _filled(catalogue(language)["steps"][step.code], step.facts, language)


def explain(steps: Iterable[Step], language: str, *, references: bool = False) -> tuple[str, ...]:
    """The steps in words, in order; with `references`, each ends with the text it rests on.

    UnknownLanguageError for a language other than ar, fr, zgh and en (the language of the source).
    """
    catalogue(language)
    return tuple(
        step_sentence(step, language)
        + (" " + _cited(step.reference, language) if references and step.reference else "")
        for step in steps
    )


def _cited(reference: str, language: str) -> str:
    pattern: str = catalogue(language)["formats"]["reference"]
    return pattern.format(reference=reference_in(reference, language))


def error_sentence(error: LawError, language: str) -> str:
    """What is wrong and what to do, in `language`."""
    return _filled(catalogue(language)["errors"][error.code], error.params, language)
