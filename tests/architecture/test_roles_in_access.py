"""Who may do what is worded in each room's `access.py`; pages ask it and hold no roles."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
HOLDING_ROLES = re.compile(r"\bRole\.[A-Z_]+|\.has\(\*|actor\.(?:has|require)\(")


def _holding(text: str) -> list[str]:
    return HOLDING_ROLES.findall(text)


def test_pages_and_presenters_hold_no_roles() -> None:
    found = {
        str(path.relative_to(SOURCES)): roles
        for path in sorted((SOURCES / "web").rglob("*.py"))
        if (roles := _holding(path.read_text()))
    }
    assert not found, f"{found}: ask a `may_…` or `require_…` of the room's access.py."


def test_a_page_with_roles_is_refused() -> None:
    for page in ("MAY = {Role.AUDITOR}", "actor.require(*MAY)", "if actor.has(*MAY):", "x.has(*Y)"):
        assert _holding(page), page
