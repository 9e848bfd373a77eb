"""The drawings of the icons, on a field of 24 × 24, as strokes in the colour of the text."""

from __future__ import annotations

PATHS: dict[str, str] = {
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 21 21",
    "check": "M4 12.5 9.5 18 20 6.5",
    "ok": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M7.5 12.3l3 3 6-6.3",
    "bad": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 8.5l7 7M15.5 8.5l-7 7",
    "warn": "M12 3.5 21.5 20h-19zM12 10v4.5M12 17v.5",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.5V8",
    "waiting": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5.5l3.5 2",
    "pause": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M10 9v6M14 9v6",
    "none": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12h8",
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "chevron": "M6 9l6 6 6-6",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "people": "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.8-3.5 3.2-5 6.5-5s5.7 "
    "1.5 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .7 3.1 2.2 3.5 4.7",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "upload": "M12 16V4M7 9l5-5 5 5M4 15v5h16v-5",
    "download": "M12 4v12M7 11l5 5 5-5M4 17v3h16v-3",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    "compare": "M4 5h7v14H4zM13 5h7v14h-7M6.5 9h2M6.5 12h2M15.5 9h2M15.5 12h2",
    "funnel": "M3 5h18l-7 8v6l-4 2v-8z",
    "care": "M5 5h14v14H5zM12 8.5v7M8.5 12h7",
    "coins": "M9 5a5.5 5.5 0 1 0 0 11A5.5 5.5 0 0 0 9 5M15.5 8.5a5.5 5.5 0 1 1-5 8.5",
    "law": "M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "key": "M8 8.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M11.5 10.5 20 4M17 6.5l2.5 3",
    "phone": "M6 3h4l1.5 5-2.5 1.5a11 11 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4c-9 1-16-6-15-15z",
    "place": "M12 21c-4-5-6.5-8-6.5-11.5a6.5 6.5 0 0 1 13 0C18.5 13 16 16 12 21"
    "M12 7.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2"
    "M19 5l-2 2M7 17l-2 2",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
    "contrast": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 8l7-2M12 13h9M12 18l6 0",
    "leave": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
    "print": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "listen": "M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
    "home": "M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z",
    "menu": "M4 7h16M4 12h16M4 17h16",
}
# Drawings that point along the text and are mirrored from right to left.
TURNING = frozenset({"arrow", "leave", "list"})


def icon_svg(name: str) -> str:
    """The drawing `name` as an SVG element hidden from screen readers (the word stands beside)."""
    turns = " turns" if name in TURNING else ""
    return (
        f'<svg class="icon{turns}" width="24" height="24" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true"><path d="{PATHS[name]}"/></svg>'
    )
