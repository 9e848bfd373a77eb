"""Who acted, in words: jobs and doors of ours have names that people can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_OURS: Final[Mapping[str, Promise]] = {
    "clearing": pgettext_lazy("actor", "the nightly clearing"),
    "command line": pgettext_lazy("actor", "the command line"),
    "consequences": pgettext_lazy("actor", "Qafila, after a change"),
    "contribution run": pgettext_lazy("actor", "the run of contributions"),
    "counter-posting": pgettext_lazy("actor", "the counter-posting"),
    "coverage check": pgettext_lazy("actor", "the coverage check"),
    "demonstration": pgettext_lazy("actor", "the demonstration"),
    "demonstration desk": pgettext_lazy("actor", "the demonstration's counter"),
    "demonstration supervisor": pgettext_lazy("actor", "the demonstration's supervisor"),
    "list reader": pgettext_lazy("actor", "the reading of lists"),
    "nightly audit": pgettext_lazy("actor", "the nightly audit"),
    "nightly contributions": pgettext_lazy("actor", "the nightly contributions"),
    "nightly figures": pgettext_lazy("actor", "the nightly figures"),
    "nightly linkage": pgettext_lazy("actor", "the nightly linkage"),
    "personal link": pgettext_lazy("actor", "the personal link"),
    "sign-in": pgettext_lazy("actor", "the sign-in"),
}


def name_told(name: str) -> str:
    """The name of an actor in the language in force; of people and partners as it is written."""
    return str(_OURS.get(name, name))
