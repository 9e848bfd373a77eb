"""A commune typed by its name, in either script; its official code comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qafila.linkage.names.transliteration import fold_text
from qafila.places import queries as places
from qafila.web.site.territory import language
from qafila.web.site.typed_fields import Line

_MOST_TOLD = 6


class CommuneField(Line):
    """The name of a commune, with its province in brackets where two share the name.

    Cleans to the code; a name that is no commune's, or several communes', is refused with the
    names to choose from. `shown` (code, name) is what the page showed.
    """

    def __init__(self, **options: Any) -> None:
        self.shown = ("", "")
        super().__init__(
            label=gettext_lazy("Commune of residence"),
            required=False,
            help_text=gettext_lazy("Its name; with the province in brackets if two share it."),
            **options,
        )

    def clean(self, value: Any) -> str:
        """The code of the commune typed; the one the page showed when the field was emptied."""
        text = str(super().clean(value))
        code, name = self.shown
        return code if not text or text == name else _code_of(text)


def commune_shown(code: str | None) -> tuple[str, str]:
    """Code and full name of a commune, for a field; empty for none. One query."""
    name = places.names_of([code], language()).get(code or "", "") if code else ""
    return code or "", name


def _code_of(text: str) -> str:
    name, _bracket, province = text.partition("(")
    found = places.communes_named(name)
    named = [one for one in found if fold_text(name).strip() in _folded(one)] or found
    if wanted := fold_text(province.rstrip(") ")):
        named = [one for one in named if wanted in _folded(one.province)]
    if len(named) == 1:
        return str(named[0].code)
    if not named:
        told = _("No commune is named “%(name)s”. Check the spelling.")
        raise forms.ValidationError(told % {"name": text})
    names = [places.full_commune_name(one, language()) for one in named[:_MOST_TOLD]]
    told = _("Several communes may be meant: %(names)s. Write one of them as it is here.")
    raise forms.ValidationError(told % {"names": " · ".join(names)})


def _folded(place: Any) -> tuple[str, ...]:
    return tuple(fold_text(name).strip() for name in (place.name_ar, place.name_fr))
