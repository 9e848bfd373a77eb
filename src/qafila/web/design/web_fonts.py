"""Cuts the letters of the pages out of the packages: `python -m qafila.web.design.web_fonts`.

Only the signs that Arabic, French and names in Latin letters need, in the weights of the style
sheet: what a page does not show, nobody waits for. The files are kept under `assets/fonts`.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ASSETS = Path(__file__).parents[1] / "assets" / "fonts"
PACKAGE = Path(__file__).parents[4] / "node_modules/@fontsource-variable/readex-pro/files"
WEIGHTS = (350, 600)
# Joining, marks, kerning, and digits of one width; no fractions, no variants.
FEATURES = [
    "ccmp", "locl", "mark", "mkmk", "kern", "curs", "rlig", "calt", "liga", "init", "medi", "fina",
    "isol", "tnum",
]  # fmt: skip
# As `unicode-range` in styles/fonts.css says them.
SIGNS: dict[str, tuple[tuple[int, int], ...]] = {
    "latin": (
        (0x20, 0x7E), (0xA0, 0xFF), (0x152, 0x153), (0x2010, 0x202F), (0x2030, 0x203A),
        (0x20AC, 0x20AC), (0x2212, 0x2212),
    ),
    "latin-ext": ((0x100, 0x151), (0x154, 0x17F), (0x1E00, 0x1E9F)),
    "arabic": ((0x600, 0x6FF), (0x200C, 0x200F), (0xFE70, 0xFEFC)),
}  # fmt: skip


def cut(name: str) -> bytes:
    """The font `name` of the package with no more than its signs and weights."""
    font = TTFont(PACKAGE / f"readex-pro-{name}-wght-normal.woff2")
    wanted = {sign for first, last in SIGNS[name] for sign in range(first, last + 1)}
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=sorted(wanted & set(font.getBestCmap())))
    cutter.subset(font)
    font = instantiateVariableFont(_read_again(font), {"wght": WEIGHTS})
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _read_again(font: TTFont) -> TTFont:
    """The font as it is written: weights are narrowed on signs that are there only."""
    font.flavor = None
    written = BytesIO()
    font.save(written)
    return TTFont(BytesIO(written.getvalue()))


if __name__ == "__main__":
    for name in SIGNS:
        (ASSETS / f"readex-{name}.woff2").write_bytes(cut(name))
