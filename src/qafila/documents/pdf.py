"""PDF from Typst: a template of a room, its values handed in as JSON, the fonts of this room."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from qafila.documents.fonts import FAMILIES, font_folder


def typeset(
    template: Path,
    values: Mapping[str, Any],
    *,
    at: dt.datetime,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of the Typst file `template`, the same bytes for the same values and moment.

    The template reads `json(bytes(sys.inputs.values))`; `fonts` is among the values. `files` are
    texts it may ask for by name in the same way (an SVG). Raises typst.TypstError when the template
    is at fault.
    """
    told = json.dumps({**values, "fonts": list(FAMILIES)}, ensure_ascii=False, default=str)
    folder = font_folder()
    drawn: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=[folder] if folder else [],
        sys_inputs={
            "values": told,
            **{name: text.decode() for name, text in (files or {}).items()},
        },
        format="pdf",
        timestamp=int(at.timestamp()),
    )
    return drawn
