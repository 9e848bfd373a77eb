"""Fonts for Arabic, Latin and Tifinagh in PDF documents, wherever the project runs.

The pages' own fonts (Readex Pro and Noto Sans Tifinagh, SIL Open Font License) come as woff2, from
the built front-end or from npm; Typst reads TrueType, so they are turned into it once per process.
Without them the system's fonts serve, and last DejaVu Sans Mono, which Typst carries and which has
Arabic letters.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILIES = (
    "Readex Pro Latin",
    "Readex Pro Arabic",
    "Noto Sans Tifinagh",
    "Noto Sans Arabic",
    "Noto Sans",
    "DejaVu Sans",
    "DejaVu Sans Mono",
)
"""In order of preference; each letter is taken from the first family that has it."""

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (
    _PACKAGE / "web" / "static" / "dist",
    _PACKAGE.parents[1] / "node_modules" / "@fontsource-variable" / "readex-pro" / "files",
    _PACKAGE.parents[1] / "node_modules" / "@fontsource" / "noto-sans-tifinagh" / "files",
)
_WEIGHTS = {"Regular": 400, "Bold": 700}


@dataclass(frozen=True)
class _Source:
    family: str
    stem: str
    variable: bool = True


_SOURCES = (
    _Source("Readex Pro Latin", "readex-pro-latin-wght-normal"),
    _Source("Readex Pro Arabic", "readex-pro-arabic-wght-normal"),
    _Source("Noto Sans Tifinagh", "noto-sans-tifinagh-tifinagh-400-normal", variable=False),
)


@cache
def font_folder() -> Path | None:
    """A folder with the project's fonts as TrueType, made on first use; None without fonts."""
    found = dict(_found())
    if not found:
        return None
    folder = Path(tempfile.mkdtemp(prefix="qafila-fonts-"))
    for source, path in found.items():
        styles = _WEIGHTS if source.variable else {"Regular": 400}
        for style, weight in styles.items():
            target = folder / f"{source.family.replace(' ', '')}-{style}.ttf"
            _convert(path, target, source.family, style, weight)
    return folder


def _found() -> Iterator[tuple[_Source, Path]]:
    for source in _SOURCES:
        found = (path for place in _PLACES for path in sorted(place.rglob(f"{source.stem}*.woff2")))
        if path := next(found, None):
            yield source, path


def _convert(source: Path, target: Path, family: str, style: str, weight: int) -> None:
    font = TTFont(source)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    _rename(font, family, style, weight)
    font.save(target)


def _rename(font: TTFont, family: str, style: str, weight: int) -> None:
    """One family per script, for a family's files must each have all its letters."""
    names = font["name"]
    names.names = [n for n in names.names if n.nameID not in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25)]
    full = f"{family} {style}"
    for identifier, text in ((1, family), (2, style), (3, full), (4, full)):
        names.setName(text, identifier, 3, 1, 0x409)
    names.setName(full.replace(" ", ""), 6, 3, 1, 0x409)
    bold = weight >= 600
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0
