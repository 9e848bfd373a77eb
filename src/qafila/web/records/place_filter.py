"""The filter of places: region, province, commune, as far as the reader's territory goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qafila.foundation.actors import Scope
from qafila.places import queries as places
from qafila.web.design.record_list import Choice, Filter
from qafila.web.site.territory import language

PLACE = "place"
PLACES = re.compile(r"\d\d(\.\d{3}(\.\d\d\.[0-9A-Z]{2,5})?)?", re.ASCII)
"""What an address may say as a place: the code of a region, a province or a commune."""
_REGION, _PROVINCE = 2, 6


@dataclass(frozen=True)
class Within:
    """The place asked for; one of the three, or none."""

    region: str | None = None
    province: str | None = None
    commune: str | None = None


def within(place: str) -> Within:
    """Which kind of place a code is."""
    if len(place) == _REGION:
        return Within(region=place)
    if len(place) == _PROVINCE:
        return Within(province=place)
    return Within(commune=place) if place else Within()


def place_filter(scope: Scope, chosen: str, *, communes: bool = True) -> Filter:
    """The places of the territory: regions of the country, provinces, communes of one province.

    The communes are those of the province chosen, or of the only one there is.
    """
    choices = [*_provinces(scope), *(_communes(scope, chosen) if communes else [])]
    every = _("All Morocco") if scope.national else _("All my territory")
    return Filter(PLACE, pgettext_lazy("arrears", "Place"), choices, every=every)


def _provinces(scope: Scope) -> list[Choice]:
    provinces = places.province_choices(language())
    if not scope.national:
        mine = [Choice(code, name) for code, name in provinces if scope.covers(code)]
        return mine if len(mine) > 1 else []
    return [
        Choice(code, label, group=name)
        for region, name in places.region_choices(language())
        for code, label in [
            (region, str(_WHOLE)),
            *(one for one in provinces if one[0][:_REGION] == region),
        ]
    ]


_WHOLE = gettext_lazy("Whole region")


def _communes(scope: Scope, chosen: str) -> list[Choice]:
    province = chosen[:_PROVINCE] if len(chosen) >= _PROVINCE else ""
    if not province and len(scope.province_codes) == 1 and not scope.national:
        (province,) = scope.province_codes
    if not province or not scope.covers(province):
        return []
    named = sorted(
        (places.name_in(one, language()), one.code) for one in places.communes_of(province)
    )
    return [Choice(code, name, group=_("Communes")) for name, code in named]
