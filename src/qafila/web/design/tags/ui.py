"""The design system in templates: `{% load ui %}`.

Components with content of their own are block tags (banner, card, confirm); the others are
partials under templates/components, fed with the data of `qafila.web.design.components`.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qafila.web.design import components
from qafila.web.design.built_assets import asset_address
from qafila.web.design.clips import clip_address
from qafila.web.design.icons import icon_svg
from qafila.web.design.record_list import Asked, Record
from qafila.web.design.undo import undo_of

register = template.Library()

_BANNER_ICONS = {"ok": "ok", "warn": "warn", "bad": "bad", "info": "info", "none": "info"}
_BANNER_TONES = {
    "success": "ok",
    "warning": "warn",
    "error": "bad",
    "info": "info",
    "debug": "none",
}


@register.simple_tag
def asset(source: str) -> str:
    """The address of a built front-end file: `{% asset "app.css" %}`."""
    return asset_address(source)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from `qafila.web.design.icons`; decoration only, the word stands beside it."""
    return mark_safe(icon_svg(name))  # noqa: S308 - drawings of our own


@register.filter
def tag_of(state: str | components.Tag) -> components.Tag:
    """The tag of a state: a key of components.TAGS, or a Tag as it is."""
    return state if isinstance(state, components.Tag) else components.TAGS[state]


@register.filter
def tone_of(level: str) -> str:
    """Django's message level (success, warning, error, info) as a tone."""
    return _BANNER_TONES.get(level.rpartition(" ")[2], "info")


register.filter("undo_of", undo_of)


@register.filter
def cell(row: components.Row | Record, column: components.Column) -> Any:
    """The value of a row in a column."""
    return row.cells.get(column.key, "")


@register.filter
def href_of(row: Record, column: components.Column) -> str:
    """Where a cell of a record leads; "" for nowhere."""
    return row.hrefs.get(column.key, "")


@register.filter
def value_in(name: str, asked: Asked) -> str:
    """What a list is asked for by the filter `name`; "" for nothing."""
    return asked.value(name)


@register.filter
def is_wrong(field: BoundField) -> bool:
    """Whether the field was refused."""
    return bool(field.errors)


def _render(name: str, **context: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", context)


@register.simple_tag
def listen(name: str) -> SafeString | str:
    """`{% listen "front" %}`: a player of the clip in the page's language; nothing without one."""
    address = clip_address(name, get_language() or "ar")
    return _render("listen", address=address) if address else ""


@register.simple_block_tag
def banner(content: SafeString, tone: str = "info", title: str = "", level: int = 2) -> SafeString:
    """`{% banner "warn" title=… %}<p>…</p>{% endbanner %}`; tones ok, warn, bad, info, none."""
    return _render(
        "banner", content=content, tone=tone, title=title, level=level, icon=_BANNER_ICONS[tone]
    )


@register.simple_block_tag
def card(
    content: SafeString,
    title: str = "",
    href: str = "",
    icon: str = "",
    level: int = 2,
) -> SafeString:
    """`{% card title=… href=… icon=… %}…{% endcard %}`; with `href` the whole card is the link."""
    return _render("card", content=content, title=title, href=href, icon=icon, level=level)


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context,
    content: SafeString,
    action: str,
    label: str,
    title: str = "",
    back: str = "",
    danger: bool = False,
) -> SafeString:
    """A POST form that asks once more: the content says what will happen; `back` is the way out."""
    return _render(
        "confirm",
        content=content,
        action=action,
        label=label,
        title=title,
        back=back,
        danger=danger,
        csrf_token=context.get("csrf_token"),
    )
