"""Read the dated parameters of `parameters/*.yaml` without loading OpenFisca.

OpenFisca reads the same files; this reader starts in a few milliseconds, keeps each number exact
(decimal, never binary) and hands every value out with its date, unit, reference and doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import yaml

from qafila_law.errors import NoRuleYetError, UnknownParameterError

PARAMETERS_FOLDER = Path(__file__).parent / "parameters"
_NODE_KEYS = {"description", "documentation", "metadata", "reference", "unit"}
_NEEDED = ("unit", "reference", "source", "confidence", "last_checked_on")
_SURE = "A"

Raw: TypeAlias = int | bool | str | Decimal


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of one parameter, from `since` on, with where it was read and how sure it is."""

    path: str
    value: Raw
    since: date
    unit: str = ""
    reference: str = ""
    source: str = ""
    confidence: str = ""
    last_checked_on: str = ""
    documentation: str = ""

    @property
    def number(self) -> Decimal:
        """The value as an exact decimal; TypeError when it is not a number."""
        if isinstance(self.value, bool | str):
            raise TypeError(f"{self.path} is not a number but {self.value!r}")
        return Decimal(self.value)


class ParameterSource(Protocol):
    """What the rules ask of a set of parameters at one date."""

    def number(self, path: str) -> Decimal: ...

    def flag(self, path: str) -> bool: ...

    def bands(self, path: str) -> tuple[tuple[int, Decimal], ...]: ...


class _Loader(yaml.CSafeLoader):
    """YAML with dates left as text and decimal numbers left exact."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor(
    "tag:yaml.org,2002:float",
    lambda loader, node: Decimal(loader.construct_scalar(cast("yaml.ScalarNode", node))),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """All values of one parameter, oldest first."""

    path: str
    description: str
    values: tuple[DatedValue, ...]


def _merged(path: str, since: str, raw: Any, shared: Mapping[str, Any], notes: str) -> DatedValue:
    entry = raw if isinstance(raw, dict) else {"value": raw}
    known = {**shared, **entry.get("metadata", {})}
    if "value" not in entry:
        raise ValueError(f"{path} at {since} has no value; write one under 'value'.")
    try:
        first_day = date.fromisoformat(since)
    except ValueError:
        raise ValueError(f"{path}: {since} is not a date; write it as 2026-01-31.") from None
    return DatedValue(
        path=path,
        value=entry["value"],
        since=first_day,
        documentation=str(known.get("documentation", notes)),
        **{key: str(known.get(key, "")) for key in _NEEDED},
    )


def _parameter(path: str, node: Mapping[str, Any], shared: Mapping[str, Any]) -> Parameter:
    notes = str(node.get("documentation", ""))
    values = [_merged(path, day, raw, shared, notes) for day, raw in node["values"].items()]
    return Parameter(
        path, str(node.get("description", "")), tuple(sorted(values, key=lambda v: v.since))
    )


def _scale(path: str, node: Mapping[str, Any]) -> Iterator[Parameter]:
    shared = node.get("metadata", {})
    for number, bracket in enumerate(node["brackets"]):
        for part, unit in (("threshold", "threshold_unit"), ("amount", "unit")):
            child = {"values": bracket[part], "description": node.get("description", "")}
            known = {**shared, "unit": shared.get(unit, "")}
            yield _parameter(f"{path}[{number}].{part}", child, known)


def _walk(path: str, node: Mapping[str, Any]) -> Iterator[Parameter]:
    if "values" in node:
        yield _parameter(path, node, node.get("metadata", {}))
    elif "brackets" in node:
        yield from _scale(path, node)
    else:
        for name, child in node.items():
            if name not in _NODE_KEYS:
                yield from _walk(f"{path}.{name}", child)


def read_parameters(folder: Path = PARAMETERS_FOLDER) -> dict[str, Parameter]:
    """Every parameter under `folder`, by its dotted path."""
    found: dict[str, Parameter] = {}
    for file in sorted(folder.rglob("*.yaml")):
        path = ".".join(file.relative_to(folder).with_suffix("").parts)
        node = _Loader(file.read_text(encoding="utf-8")).get_single_data()
        found.update({parameter.path: parameter for parameter in _walk(path, node)})
    return found


@cache
def _own_parameters() -> Mapping[str, Parameter]:
    return read_parameters()


@dataclass(frozen=True, slots=True)
class Change:
    """Another reading of one parameter: the (first day, value) pairs that replace its own."""

    path: str
    values: tuple[tuple[date, Raw], ...]


_reading: ContextVar[tuple[Change, ...]] = ContextVar("reading", default=())


@contextmanager
def reading(changes: tuple[Change, ...]) -> Iterator[None]:
    """Inside, every answer of the package follows `changes`; outside nothing changes.

    UnknownParameterError for a path that does not exist.
    """
    for change in changes:
        get_parameter(change.path)
    token = _reading.set(changes)
    try:
        yield
    finally:
        _reading.reset(token)


@cache
def _changed(changes: tuple[Change, ...]) -> Mapping[str, Parameter]:
    known = dict(_own_parameters())
    for change in changes:
        own = known[change.path]
        values = tuple(
            replace(own.values[-1], since=since, value=value) for since, value in change.values
        )
        known[change.path] = replace(own, values=values)
    return known


def all_parameters() -> Mapping[str, Parameter]:
    """The package's own parameters, read once; under a `reading`, with its changes."""
    changes = _reading.get()
    return _changed(changes) if changes else _own_parameters()


def get_parameter(path: str) -> Parameter:
    """The parameter at `path`; UnknownParameterError when there is none."""
    try:
        return all_parameters()[path]
    except KeyError:
        raise UnknownParameterError(path=path) from None


def value_at(path: str, on: date) -> DatedValue:
    """The value of `path` in force on `on`; NoRuleYetError before its first date."""
    return _value_at(_reading.get(), path, on)


@cache
def _value_at(changes: tuple[Change, ...], path: str, on: date) -> DatedValue:
    values = get_parameter(path).values
    in_force = [value for value in values if value.since <= on]
    if not in_force:
        raise NoRuleYetError(parameter=path, on=on, first=values[0].since)
    return in_force[-1]


def earliest_or_at(path: str, on: date) -> DatedValue:
    """The value of `path` in force on `on`; before its first date, its first value."""
    return value_at(path, max(on, get_parameter(path).values[0].since))


def bands_at(path: str, on: date) -> tuple[tuple[DatedValue, DatedValue], ...]:
    """The (threshold, amount) pairs of a scale in force on `on`, lowest threshold first."""
    return _bands_at(_reading.get(), path, on)


@cache
def _bands_at(
    changes: tuple[Change, ...], path: str, on: date
) -> tuple[tuple[DatedValue, DatedValue], ...]:
    pairs: list[tuple[DatedValue, DatedValue]] = []
    while f"{path}[{len(pairs)}].amount" in all_parameters():
        start = f"{path}[{len(pairs)}]"
        pairs.append((value_at(f"{start}.threshold", on), value_at(f"{start}.amount", on)))
    if not pairs:
        raise UnknownParameterError(path=path)
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class ParametersOn:
    """The package's parameters on one day, as the rules ask for them."""

    on: date

    def number(self, path: str) -> Decimal:
        return value_at(path, self.on).number

    def flag(self, path: str) -> bool:
        return value_at(path, self.on).value is True

    def bands(self, path: str) -> tuple[tuple[int, Decimal], ...]:
        return tuple((int(low.number), amount.number) for low, amount in bands_at(path, self.on))


def doubtful_values() -> tuple[DatedValue, ...]:
    """Every value that is not from an official or strong source, by path then date."""
    return tuple(
        value
        for _, parameter in sorted(all_parameters().items())
        for value in parameter.values
        if value.confidence != _SURE
    )


def _faults(value: DatedValue) -> list[str]:
    faults = [key for key in _NEEDED if not getattr(value, key)]
    if value.confidence not in ("", "A", "B", "C", "D"):
        faults.append("confidence")
    if value.confidence > _SURE and not (value.documentation or value.confidence == "B"):
        faults.append("documentation")
    return faults


def parameters_without_reference(folder: Path = PARAMETERS_FOLDER) -> tuple[str, ...]:
    """One line for each value that lacks its unit, reference, source, confidence, check date or,
    when it is inferred or general knowledge (C, D), the documentation of its doubt. Empty is good.
    """
    return tuple(
        f"{value.path} from {value.since}: no {', '.join(faults)}"
        for parameter in read_parameters(folder).values()
        for value in parameter.values
        if (faults := _faults(value))
    )
