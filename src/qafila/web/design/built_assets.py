"""Where the built front-end files are, read from the manifest that Vite writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

DIST = Path(__file__).parents[1] / "static" / "dist"
MANIFEST = DIST / "manifest.json"


@lru_cache(maxsize=4)
def _files_by_source(manifest: Path, changed_at: int) -> dict[str, str]:
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    return {source: entry["file"] for source, entry in entries.items()}


def asset_address(source: str) -> str:
    """The address of the built file of `source`, such as "app.css" or "app.ts".

    A source inside a package may be named by its ending.
    Raises ImproperlyConfigured when the front end is not built or has no such file.
    """
    try:
        # A server keeps to the files it found when it started, as WhiteNoise does.
        files = _files_by_source(MANIFEST, MANIFEST.stat().st_mtime_ns if settings.DEBUG else 0)
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"The front end is not built: {MANIFEST} is missing. Run `npm ci && npm run build`."
        ) from None
    file = files.get(source) or next(
        (built for known, built in files.items() if known.endswith(f"/{source}")), None
    )
    if file is None:
        raise ImproperlyConfigured(
            f"{source!r} is not in {MANIFEST}. Add it to `input` in vite.config.ts and build again."
        )
    return static(f"dist/{file}")
