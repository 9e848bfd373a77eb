"""The people a figure speaks of: filters that travel in addresses and end in WHERE clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.reasons import BY_CODE
from qafila.foundation.actors import Scope
from qafila.foundation.errors import DomainError
from qafila.indicators.definitions import RIGHTS, STEP_CODES, STEPS_BY_CODE, Dimension

VALUE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
"""What a filter can be at all."""
UNKNOWN = "-"
"""The filter value for people of whom the value is not known."""


class UnknownFilter(DomainError):
    code = "unknown_filter"
    template = _(
        "There is no figure for “%(name)s = %(value)s”. Go back to the figures and choose a count."
    )


@dataclass(frozen=True)
class Filters:
    """Each field is '' for everyone, `UNKNOWN` for those not known, else one value.

    `without` is a step that the people have not taken.
    """

    region: str = ""
    province: str = ""
    commune: str = ""
    trade: str = ""
    category: str = ""
    sex: str = ""
    reason: str = ""
    rights: str = ""
    without: str = ""

    @classmethod
    def from_address(cls, params: Mapping[str, str]) -> Filters:
        """The filters in an address's parameters; others are left alone. Raises UnknownFilter."""
        chosen = {one.name: params[one.name] for one in fields(cls) if params.get(one.name)}
        found = cls(**chosen)
        found.require_known()
        return found

    def require_known(self) -> None:
        """Raise UnknownFilter for a value that cannot be."""
        for name, value in self.address_params().items():
            if not VALUE.fullmatch(value):
                raise UnknownFilter(name=name, value=value[:40])
        known = {
            "rights": [figure.code for figure in RIGHTS],
            "reason": [*BY_CODE],
            "without": [*STEP_CODES],
        }
        for name, codes in known.items():
            if getattr(self, name) not in ("", *codes):
                raise UnknownFilter(name=name, value=getattr(self, name))
        if self.trade not in ("", UNKNOWN) and not self.trade.isdigit():
            raise UnknownFilter(name="trade", value=self.trade)

    def address_params(self) -> dict[str, str]:
        """The parameters that lead back to these filters."""
        pairs = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in pairs.items() if value}

    def but(self, dimension: Dimension, value: str) -> Filters:
        """These filters with one more value of `dimension` ('' counts as not known)."""
        return replace(self, **{dimension.value: value or UNKNOWN})


def where(scope: Scope, filters: Filters, step: str = "identified") -> tuple[str, dict[str, Any]]:
    """The condition on `accompaniment_standing` and its parameters. Raises UnknownFilter."""
    filters.require_known()
    if step not in STEP_CODES:
        raise UnknownFilter(name="step", value=step)
    parts = [STEPS_BY_CODE[step].formula]
    params: dict[str, Any] = {}
    if not scope.national:
        parts.append("province_code = ANY(%(provinces)s)")
        params["provinces"] = sorted(scope.province_codes)
    for dimension in Dimension:
        value = getattr(filters, dimension.value)
        if value:
            parts.append(_equals(dimension, value, params))
    for name in ("reason", "rights"):
        if getattr(filters, name):
            parts.append(f"{name} = %({name})s")
            params[name] = getattr(filters, name)
    if filters.without:
        parts.append(f"NOT {STEPS_BY_CODE[filters.without].formula}")
    return " AND ".join(parts), params


def _equals(dimension: Dimension, value: str, params: dict[str, Any]) -> str:
    column = dimension.column
    if value == UNKNOWN:
        return f"{column} IS NULL" if dimension is Dimension.TRADE else f"{column} = ''"
    params[dimension.value] = int(value) if dimension is Dimension.TRADE else value
    return f"{column} = %({dimension.value})s"
