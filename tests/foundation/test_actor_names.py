"""Who acted is told in the reader's language, whoever it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import qafila
from qafila.foundation.wording.actor_names import name_told

_NAMED = re.compile(r'(?:system_actor|desk)\(\s*"([^"]+)"')


def _names() -> set[str]:
    texts = (path.read_text() for path in Path(qafila.__path__[0]).rglob("*.py"))
    return {name for text in texts for name in _NAMED.findall(text)}


@pytest.mark.parametrize("name", sorted(_names()))
def test_each_actor_of_the_house_has_a_name_in_each_language(name: str) -> None:
    told = set()
    for language in ("ar", "fr", "zgh"):
        with translation.override(language):
            told.add(name_told(name))
    assert len(told) == 3
    assert name not in told


def test_people_keep_their_names() -> None:
    assert name_told("كريم التازي") == "كريم التازي"
