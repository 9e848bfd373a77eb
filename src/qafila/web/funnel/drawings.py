"""The map beside the table, and the trends of twelve months: the same figures, drawn."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qafila.foundation.actors import Scope
from qafila.indicators.definitions import STEPS_BY_CODE, Dimension
from qafila.indicators.filters import UNKNOWN, Filters
from qafila.indicators.history import FIELD_SHEET, History
from qafila.indicators.queries import Funnel, FunnelRow
from qafila.places.queries import commune_points
from qafila.web.design.components import Stat, Tab
from qafila.web.design.figures import number_text
from qafila.web.design.maps import Measured, ShareMap, area_map, spot_map
from qafila.web.design.sparklines import sparkline
from qafila.web.funnel.presenter import BEHIND, PAGE, deeper, share_of
from qafila.web.lists.words import source_word
from qafila.web.person_changes.forms import CHANNEL_WORDS
from qafila.web.site.territory import PLACES, address, parts_within

MAPPED = tuple(code for code, figure in STEPS_BY_CODE.items() if figure.after)
WITH_TREND = ("registered", "enrolled", "rights_open")


def map_of(found: Funnel, step: str, scope: Scope) -> ShareMap | None:
    """The places of the table, shaded by the share of their people at `step`; None for no places.

    A place opens as its row does; a commune leads to its people.
    """
    if found.by not in PLACES:
        return None
    title = _("%(step)s: share of the people identified") % {"step": STEPS_BY_CODE[step].label}
    rows = [row for row in found.rows if row.value != UNKNOWN]
    if found.by is Dimension.COMMUNE:
        measured = [_measured(row, found, step) for row in rows]
        points = commune_points(place.code for place in measured)
        return spot_map(title, measured, points, _provinces(rows, found.within, scope))
    counted = [_measured(row, found, step) for row in rows]
    whole = scope.national and not found.within.region
    return area_map(title, [*counted, *_empty(found, scope)], whole_country=whole)


def _empty(found: Funnel, scope: Scope) -> list[Measured]:
    """The places of the territory where nobody is counted: the map has no holes."""
    counted = {row.value for row in found.rows}
    return [
        Measured(code, name, 0, 0, address(PAGE, params))
        for code, name, params in parts_within(found.by, found.within, scope)
        if code not in counted
    ]


def _measured(row: FunnelRow, found: Funnel, step: str) -> Measured:
    href = deeper(row, found.by, found.within)
    href = href or address(BEHIND, row.counts[0].params)
    return Measured(row.value, row.label, row.people(step), row.people("identified"), href)


def _provinces(rows: list[FunnelRow], within: Filters, scope: Scope) -> list[str]:
    """The ground of the communes: the province chosen, else those of the communes."""
    if within.province not in ("", UNKNOWN):
        return [within.province]
    provinces = {".".join(row.value.split(".")[:2]) for row in rows}
    return sorted(provinces or scope.province_codes)


def map_tabs(step: str, by: Dimension, within: Filters) -> list[Tab]:
    """What the map can show."""
    params = {**within.address_params(), "by": by.value}
    return [
        Tab(STEPS_BY_CODE[code].label, address(PAGE, {**params, "of": code}), code == step)
        for code in MAPPED
    ]


def tiles_of(total: FunnelRow, told: History) -> list[Stat]:
    """The steps that dated facts tell of, each with its trend; the last value is today's count."""
    whole = total.people("identified")
    tiles = []
    for count in total.counts:
        if count.code not in WITH_TREND:
            continue
        months = [*told.of(count.code)[:-1], (told.days[-1], count.people)]
        tiles.append(
            Stat(
                STEPS_BY_CODE[count.code].label,
                number_text(count.people),
                href=address(BEHIND, count.params) if count.people else "",
                share=share_of(count.people, whole),
                trend=sparkline(months),
            )
        )
    return tiles


def channels_told(reached: dict[str, int]) -> str:
    """By which ways people were reached, most first: "Phone 120 · Visit 30"."""
    words = {**CHANNEL_WORDS, FIELD_SHEET: source_word(FIELD_SHEET)}
    told = ((words[way], people) for way, people in reached.items() if way in words)
    return " · ".join(f"{word} {number_text(people)}" for word, people in told)
