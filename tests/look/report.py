"""The index of pictures and the report of what was seen."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from pathlib import Path

from look.addresses import VISITOR
from look.visits import Sight

# Staff come in by the sign-in page; what they open later brings itself alone.
HEAVY_FIRST, HEAVY_LATER = 75_000, 12_000
MANY_REQUESTS = 12
_HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>'
    "body{{font:15px/1.5 system-ui;margin:1.5rem}}figure{{display:inline-block;margin:.5rem;"
    "vertical-align:top;inline-size:11rem}}img{{inline-size:100%;max-block-size:18rem;"
    "object-fit:cover;object-position:top;border:1px solid #ccc}}figcaption{{font-size:12px}}"
    "li{{margin-block:.25rem}}</style><h1>{title}</h1>"
)


def write_report(sights: list[Sight], folder: Path) -> str:
    """Write `index.html`, `report.html` and `report.txt`; returns the short form to print."""
    sights = sorted(sights, key=lambda sight: sight.visit.picture)
    (folder / "index.html").write_text(_index(sights))
    kinds = _by_kind(sights)
    (folder / "report.html").write_text(_as_html(kinds))
    (folder / "report.txt").write_text(_as_text(kinds))
    counts = [f"  {len(found):4} × {kind}" for kind, found in sorted(kinds.items())]
    return "\n".join([f"{len(sights)} pictures: {folder / 'index.html'}", *counts])


def _by_kind(sights: list[Sight]) -> dict[str, dict[tuple[str, str], list[Sight]]]:
    """Kind → (page, what was seen) → where: a fault seen by five roles is one fault."""
    kinds: dict[str, dict[tuple[str, str], list[Sight]]] = defaultdict(lambda: defaultdict(list))
    for sight in sights:
        page = f"{sight.visit.example.area}/{sight.visit.example.page}"
        for kind, noted in sight.seen.items():
            for what in noted:
                # The same part on another page is a few pixels wider: one fault all the same.
                known = next((k for k in kinds[kind] if _alike(k[1], what)), None)
                kinds[kind][known or (page, what)].append(sight)
        if sight.status >= 500:
            kinds["broken page"][page, str(sight.status)].append(sight)
        # The gallery holds everything at once, and is for developers.
        weighs = sight.visit.example.area != "gallery"
        if weighs and (weight := _weight(sight)):
            kinds["heavy page"][page, weight].append(sight)
    return kinds


def _weight(sight: Sight) -> str:
    """What is too much of a page: all it brings on a first visit, or itself on a later one."""
    if sight.requests > MANY_REQUESTS:
        return f"{sight.requests} requests"
    if sight.visit.role == VISITOR:
        return f"{sight.bytes // 1000} kB at first" if sight.bytes > HEAVY_FIRST else ""
    return f"{sight.page_bytes // 1000} kB later" if sight.page_bytes > HEAVY_LATER else ""


def _alike(one: str, other: str) -> bool:
    return one.partition(": ")[2] == other.partition(": ")[2] != "" or one == other


def _where(sights: list[Sight]) -> str:
    parts = [
        {getattr(sight.visit, part) for sight in sights} for part in ("role", "language", "screen")
    ]
    pages = len({sight.visit.example.page for sight in sights})
    more = [f"{pages} pages"] if pages > 1 else []
    return "; ".join([*more, *(", ".join(sorted(part)) for part in parts)])


def _as_text(kinds: dict[str, dict[tuple[str, str], list[Sight]]]) -> str:
    lines = []
    for kind, found in sorted(kinds.items()):
        lines.append(f"{kind} ({len(found)})")
        lines += [
            f"  {page}: {what} [{_where(sights)}]" for (page, what), sights in sorted(found.items())
        ]
    return "\n".join(lines) + "\n"


def _as_html(kinds: dict[str, dict[tuple[str, str], list[Sight]]]) -> str:
    parts = [_HEAD.format(title="What a program sees")]
    for kind, found in sorted(kinds.items()):
        parts.append(f"<h2>{escape(kind)} ({len(found)})</h2><ul>")
        for (page, what), sights in sorted(found.items()):
            picture = escape(sights[0].visit.picture)
            parts.append(
                f'<li><a href="{picture}">{escape(page)}</a>: <bdi>{escape(what)}</bdi> '
                f"<small>({escape(_where(sights))})</small></li>"
            )
        parts.append("</ul>")
    return "\n".join(parts)


def _index(sights: list[Sight]) -> str:
    parts = [_HEAD.format(title="Every page"), '<p><a href="report.html">What a program sees</a>']
    area = ""
    for sight in sights:
        visit = sight.visit
        if visit.example.area != area:
            area = visit.example.area
            parts.append(f"<h2>{escape(area)}</h2>")
        words = [visit.example.page, visit.example.case, visit.role, visit.language, visit.theme]
        parts.append(
            f'<figure><a href="{escape(visit.picture)}"><img loading="lazy" '
            f'src="{escape(visit.picture)}" alt=""></a><figcaption>'
            f"{escape(' · '.join(word for word in words if word))}<br>{sight.bytes // 1000} kB, "
            f"{sight.requests} requests</figcaption></figure>"
        )
    return "\n".join(parts)
