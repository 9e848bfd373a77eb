"""Results as plain records for JSON: money as text with two decimals, dates as ISO text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from qafila_law.money import Money, Term, dirhams
from qafila_law.parameter_tree import value_at
from qafila_law.steps import Count, MonthOf, Percent, Step
from qafila_law.wording.references import reference_in
from qafila_law.wording.sentences import step_sentence

_CENTIMES = "_centimes"


def _plain(value: Any, language: str) -> Any:
    match value:
        case Step():
            return step_record(value, language)
        case Enum():
            return value.value
        case Money() | MonthOf() | Percent() | Count() | Term() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(item, language) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return record(value, language)
        case _:
            return value


def step_record(step: Step, language: str) -> dict[str, Any]:
    """One step: its code, sentence, amount in dirhams, parameter, value, date and reference.

    `doubt` is what public sources leave open about the value, in the words of the parameter.
    """
    doubt = None
    if step.parameter is not None and step.since is not None:
        doubt = value_at(step.parameter, step.since).documentation or None
    amount = None if step.amount_centimes is None else dirhams(step.amount_centimes)
    return {
        "code": step.code,
        "text": step_sentence(step, language),
        "amount_dh": amount,
        "parameter": step.parameter,
        "value": step.value,
        "unit": step.unit,
        "since": _plain(step.since, language),
        "reference": step.reference and reference_in(step.reference, language),
        "confidence": step.confidence,
        "doubt": doubt,
        "facts": {name: _plain(value, language) for name, value in step.told},
    }


def record(result: Any, language: str) -> dict[str, Any]:
    """Any answer of this package, field by field; `…_centimes` becomes `…_dh` ('163.52')."""
    told: dict[str, Any] = {}
    for field in fields(result):
        value = getattr(result, field.name)
        if field.name.endswith(_CENTIMES):
            name = field.name.removesuffix(_CENTIMES) + "_dh"
            told[name] = None if value is None else dirhams(value)
        elif field.name == "month" and isinstance(value, date):
            told["month"] = f"{value:%Y-%m}"
        else:
            told[field.name] = _plain(value, language)
    return told
