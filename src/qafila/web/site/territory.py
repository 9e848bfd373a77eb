"""The way through the territory: country, region, province, commune, as addresses tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from qafila.foundation.actors import Scope
from qafila.indicators.definitions import UNKNOWN_LABEL, Dimension
from qafila.indicators.filters import UNKNOWN, Filters, UnknownFilter
from qafila.places import queries as places
from qafila.web.design.components import Link

PLACES = (Dimension.REGION, Dimension.PROVINCE, Dimension.COMMUNE)


def language() -> str:
    """The language in force."""
    return translation.get_language() or "ar"


def named(name_ar: str, name_fr: str) -> str:
    """A name of reference data in the reader's language; the other one when there is only that."""
    first, second = (name_ar, name_fr) if language() == "ar" else (name_fr, name_ar)
    return first or second


def address(url_name: str, params: dict[str, str]) -> str:
    """The address of a page with these parameters."""
    return f"{reverse(url_name)}?{urlencode(params)}" if params else reverse(url_name)


def next_dimension(scope: Scope, within: Filters) -> Dimension:
    """Below the place chosen; else the widest division of which the territory has several."""
    if within.province or within.commune:
        return Dimension.COMMUNE
    if within.region:
        return Dimension.PROVINCE
    if scope.national:
        return Dimension.REGION
    regions = {code.partition(".")[0] for code in scope.province_codes}
    if len(regions) > 1:
        return Dimension.REGION
    return Dimension.COMMUNE if len(scope.province_codes) == 1 else Dimension.PROVINCE


def place_names(within: Filters) -> dict[Dimension, str]:
    """The names of the places chosen, widest first. Raises UnknownFilter for one there is not."""
    names: dict[str, str] = {}
    if any(value not in ("", UNKNOWN) for value in (within.province, within.commune)):
        names |= places.names_of((within.province, within.commune), language())
    if within.region not in ("", UNKNOWN):
        names |= dict(places.region_choices(language()))
    chosen = {part: getattr(within, part.value) for part in PLACES if getattr(within, part.value)}
    for part, code in chosen.items():
        if code != UNKNOWN and code not in names:
            raise UnknownFilter(name=part.value, value=code)
    return {
        part: str(UNKNOWN_LABEL) if code == UNKNOWN else names[code]
        for part, code in chosen.items()
    }


def crumbs(url_name: str, within: Filters, scope: Scope) -> list[Link]:
    """The whole territory, then each place chosen, as links back up; the last without one."""
    whole = _("All Morocco") if scope.national else _("All my territory")
    wider = _without(within, PLACES)
    trail = [Link(whole, address(url_name, wider.address_params()))]
    names = place_names(within)
    for place, name in enumerate(names.values()):
        narrower = list(names)[place + 1 :]
        trail.append(Link(name, address(url_name, _without(within, narrower).address_params())))
    return [*trail[:-1], Link(trail[-1].label)]


def _without(within: Filters, parts: Iterable[Dimension]) -> Filters:
    return replace(within, **{part.value: "" for part in parts})


def parts_of(url_name: str, within: Filters, scope: Scope) -> list[Link]:
    """The provinces of the region or of the territory, the regions of the country, as links."""
    if within.commune or within.province:
        return []
    found = parts_within(next_dimension(scope, within), within, scope)
    return [Link(name, address(url_name, params)) for _code, name, params in found]


def parts_within(
    part: Dimension | None, within: Filters, scope: Scope
) -> list[tuple[str, str, dict[str, str]]]:
    """Code, name and address parameters of the regions or provinces of the territory `within`."""
    if part is Dimension.REGION:
        found = places.region_choices(language())
    elif part is Dimension.PROVINCE:
        found = places.province_choices(language(), region_code=within.region or None)
    else:
        return []
    return [
        (code, name, within.but(part, code).address_params())
        for code, name in found
        if _touches(scope, part, code)
    ]


def _touches(scope: Scope, part: Dimension, code: str) -> bool:
    if scope.national or part is Dimension.PROVINCE:
        return scope.covers(code)
    return any(province.startswith(f"{code}.") for province in scope.province_codes)
