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


# What a post gives is asked of that post: the union of roles, or of territories, is no answer.
UNITED = re.compile(
    r"\bactor\.(?:roles|posts|scope|scope_of|has|everywhere|require)\b(?!_)|\bscope_of\(\*Role\)"
)
SHOWS_ROLES = {"web/site/context.py": ["actor.roles"]}
"""Says on the page who is signed in; decides nothing."""


def test_permissions_are_asked_of_one_post_in_the_access_modules_alone() -> None:
    found = {}
    for path in sorted(SOURCES.rglob("*.py")):
        name = str(path.relative_to(SOURCES))
        if path.name == "access.py" or name.startswith("foundation/"):
            continue
        united = UNITED.findall(path.read_text())
        if united and [*united] != SHOWS_ROLES.get(name):
            found[name] = united
    assert not found, (
        f"{found}: a role is held in a territory. Take the scope that a `require_…` or "
        "`…_seen_by` of the room's access.py returns, or ask its `may_…` for the province."
    )


def test_united_roles_are_refused() -> None:
    for line in ("if Role.AUDITOR in actor.roles:", "get(1, scope=actor.scope)", "actor.has(*X)"):
        assert UNITED.search(line), line
    for line in ("scope = require_deciding(actor)", "actor.require_everywhere(Role.SYSTEM)"):
        assert not UNITED.search(line), line
