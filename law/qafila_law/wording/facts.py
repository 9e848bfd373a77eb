"""Read facts from plain records (JSON) into the dataclasses the answers take.

Every refusal names the place: `calls[3].due_on`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from qafila_law.contributions.calls import Call
from qafila_law.errors import BadFactError
from qafila_law.months import day_of, month_of
from qafila_law.rights.dependants import Family
from qafila_law.rights.rights_facts import RightsFacts

Facts = TypeVar("Facts")

_MONTHS = {"month", "first_month"}


def read_facts(kind: type[Facts], told: Any, place: str = "") -> Facts:
    """A `kind` (Call, RightsFacts, Family…) from a record with the same names.

    Dates are ISO text, months '2026-01' or a date. BadFactError for a name that is not known, a
    missing one, or a value that is not of its kind.
    """
    if not isinstance(told, Mapping):
        raise BadFactError(place=place or kind.__name__, wanted=f"{{{_names(kind)}}}")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for name in told:
        if name not in known:
            raise BadFactError(place=_join(place, name), wanted=_names(kind))
    hints = get_type_hints(kind)
    values = {
        name: _value(hints[name], told[name], _join(place, name), name)
        for name in known
        if name in told
    }
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise BadFactError(place=_join(place, name), wanted=_kind(hints[name]))
    return kind(**values)


def _names(kind: type[Any]) -> str:
    return ", ".join(field.name for field in fields(kind))


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else str(name)


def _kind(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(hint)
    return {date: "2026-01-31", int: "123", bool: "true, false", str: "abc"}.get(hint, "…")


def _value(hint: Any, told: Any, place: str, name: str) -> Any:
    if get_origin(hint) in (Union, UnionType):
        if told is None:
            return None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        if not isinstance(told, list):
            raise BadFactError(place=place, wanted="[ … ]")
        item = get_args(hint)[0]
        return tuple(_value(item, one, f"{place}[{i}]", name) for i, one in enumerate(told))
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
        return read_facts(hint, told, place)
    return _plain(hint, told, place, name)


def _plain(hint: Any, told: Any, place: str, name: str) -> Any:
    readers: dict[Any, Callable[[Any], Any]] = {
        date: month_of if name in _MONTHS else day_of,
        int: _integer,
        bool: _truth,
        str: _text,
    }
    try:
        return readers.get(hint, hint)(told)
    except (ValueError, TypeError, AttributeError):
        raise BadFactError(place=place, wanted=_kind(hint)) from None


def _integer(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told < 0:
        raise ValueError(told)
    return told


def _truth(told: Any) -> bool:
    if not isinstance(told, bool):
        raise TypeError(told)
    return told


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError(told)
    return told


def read_json_file(path: Path) -> Any:
    """The record in a JSON file; BadFactError naming the file and line when it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BadFactError(place=f"{path.name}:{error.lineno}", wanted="JSON") from None
    except (OSError, UnicodeDecodeError):
        raise BadFactError(place=str(path), wanted="JSON, UTF-8") from None


def read_calls(told: Any) -> tuple[Call, ...]:
    """The calls of a list of records, or of a record that has `calls`."""
    listed = told.get("calls") if isinstance(told, Mapping) else told
    if not isinstance(listed, list):
        raise BadFactError(place="calls", wanted="[ … ]")
    return tuple(read_facts(Call, one, f"calls[{i}]") for i, one in enumerate(listed))


def read_rights_facts(told: Any) -> RightsFacts:
    """The facts of the rights of one insured person."""
    return read_facts(RightsFacts, told)


def read_family(told: Any) -> Family:
    """The insured person and the dependants."""
    return read_facts(Family, told)
