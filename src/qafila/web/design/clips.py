"""Recorded texts to listen to: `<name>.<language>.mp3` in the folder of clips, when it is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.templatetags.static import static

CLIPS = Path(__file__).parents[1] / "static" / "clips"


def clip_address(name: str, language: str) -> str:
    """The address of the clip `name` in `language`; empty while nobody recorded it."""
    file = f"{name}.{language}.mp3"
    return static(f"clips/{file}") if file in _recorded(CLIPS) else ""


@cache
def _recorded(folder: Path) -> frozenset[str]:
    return frozenset(clip.name for clip in folder.glob("*.mp3"))
