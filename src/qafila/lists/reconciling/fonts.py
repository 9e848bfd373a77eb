"""Fonts for Arabic and French in charts and PDF, wherever the project runs.

The pages' own font (Readex Pro, SIL Open Font License) lies in the built front-end as woff2; it
is turned into TrueType once. Without a built front-end, the system's fonts serve, and last
DejaVu Sans Mono, which Typst carries and which has Arabic letters.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILIES = (
    "Readex Pro Latin", "Readex Pro Arabic", "Noto Sans Arabic", "Noto Sans", "DejaVu Sans",
    "DejaVu Sans Mono",
)  # fmt: skip
"""In order of preference; each letter is taken from the first family that has it."""

_PACKAGE = Path(__file__).resolve().parents[2]
_PLACES = (
    _PACKAGE / "web" / "static" / "dist",
    _PACKAGE.parents[1] / "node_modules" / "@fontsource-variable" / "readex-pro" / "files",
)
_SUBSETS = {"Latin": "readex-pro-latin-wght-normal", "Arabic": "readex-pro-arabic-wght-normal"}
_WEIGHTS = {"Regular": 400, "Bold": 700}


@cache
def font_folder() -> Path | None:
    """A folder with the project's fonts as TrueType, made on first use; None without fonts."""
    sources = dict(_sources())
    if not sources:
        return None
    folder = Path(tempfile.mkdtemp(prefix="qafila-fonts-"))
    for script, source in sources.items():
        for style, weight in _WEIGHTS.items():
            _convert(source, folder / f"{script}-{style}.ttf", script, style, weight)
    return folder


def _sources() -> Iterator[tuple[str, Path]]:
    for script, stem in _SUBSETS.items():
        found = (path for place in _PLACES for path in sorted(place.rglob(f"{stem}*.woff2")))
        if path := next(found, None):
            yield script, path


def _convert(source: Path, target: Path, script: str, style: str, weight: int) -> None:
    font = TTFont(source)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    _rename(font, f"Readex Pro {script}", style, weight)
    font.save(target)


def _rename(font: TTFont, family: str, style: str, weight: int) -> None:
    """One family per script, for a family's files must each have all its letters."""
    names = font["name"]
    names.names = [n for n in names.names if n.nameID not in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25)]
    full = f"{family} {style}"
    for identifier, text in ((1, family), (2, style), (3, full), (4, full)):
        names.setName(text, identifier, 3, 1, 0x409)
    names.setName(full.replace(" ", ""), 6, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    bold = weight >= 600
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0
