"""Which pages there are, each with an example of the demonstration: found by being there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from qafila.demonstration.accounts import known_demonstration_accounts
from qafila.institutions.models import Account

VISITOR = "visitor"
# A page of a file that looks otherwise for each state of a person.
BY_STATE = ("person", "person_money")
# Pages that only an answer or a search shows.
ANSWERS = {
    "pay": ("?category=craftworker&month=2026-11", "?category=cpu&annual_tax=&month=2026-11"),
    "estimate": ("?act_code=CS&care_on=2026-11-02&place=public",),
    "people": ("?q=fatima", "?q=zzzzqqq"),
    "funnel": ("?by=commune",),
}
_RIGHTS = (
    "SELECT person_id FROM rights_rightsperiod "
    "WHERE status = %s AND (until IS NULL OR until > current_date) ORDER BY person_id LIMIT 1"
)
_STATES = {
    "covered": (_RIGHTS, ["open"]),
    "suspended": (_RIGHTS, ["suspended"]),
    "waiting": (_RIGHTS, ["waiting"]),
    "with a family": ("SELECT min(person_id) FROM enrolment_dependant", []),
    "unknown to the fund": (
        "SELECT min(id) FROM people_person p WHERE state = 'active' AND NOT EXISTS "
        "(SELECT 1 FROM rights_rightsperiod r WHERE r.person_id = p.id)", [],
    ),
    "merged": ("SELECT min(id) FROM people_person WHERE state = 'merged'", []),
}  # fmt: skip
_EXAMPLES = {
    "import_id": "SELECT min(id)::text FROM lists_listimport",
    "file_id": "SELECT min(id)::text FROM contributions_paymentfile",
    "payment_id": "SELECT min(id)::text FROM contributions_payment",
    "claim_id": "SELECT min(id)::text FROM care_claim",
    "merge_id": "SELECT min(id)::text FROM people_merge",
    "month": "SELECT to_char(max(month), 'YYYY-MM') FROM contributions_run",
    "event_kind": "SELECT 'death'",
    "relation": "SELECT 'child'",
}
# Pages of a row that belongs to the person of the address: whole addresses, one a row.
_OF_ROWS = {
    "audit_agent": (
        "SELECT format('/audit/agents/%s/', id) FROM institutions_account ORDER BY id LIMIT 1"
    ),
    "staff_member": "SELECT format('/staff/%s/', id) FROM institutions_account ORDER BY id LIMIT 1",
    "new_post": (
        "SELECT format('/staff/%s/posts/new/', id) FROM institutions_account ORDER BY id LIMIT 1"
    ),
    "enrolment_act": (
        "SELECT format('/people/%s/fund/%s/%s/', person_id, id, verb) FROM (SELECT person_id, id "
        "FROM enrolment_enrolment WHERE state = 'enrolled' AND category = 'cpu' ORDER BY id LIMIT 1"
        ") one, (VALUES ('cessation'), ('category'), ('facts')) acts (verb)"
    ),
    "strike_off_entry": (
        "SELECT format('/people/%s/register/entries/%s/strike-off/', person_id, id) "
        "FROM register_entry WHERE state = 'active' ORDER BY id LIMIT 1"
    ),
    "application_act": (
        "SELECT format('/people/%s/register/applications/%s/accept/', person_id, id) "
        "FROM register_application WHERE state = 'submitted' ORDER BY id LIMIT 1"
    ),
    "merge_files": (
        "SELECT format('/people/%s/merge/%s/', l.person_id, r.person_id) "
        "FROM lists_candidatepair p JOIN lists_row l ON l.id = p.left_id "
        "JOIN lists_row r ON r.id = p.right_id WHERE p.state = 'waiting' "
        "AND l.person_id <> r.person_id ORDER BY p.id LIMIT 1"
    ),
    "undo_merge": (
        "SELECT format('/people/%s/merges/%s/undo/', kept_id, id) FROM people_merge "
        "WHERE undone_at IS NULL ORDER BY id LIMIT 1"
    ),
    "person_relief": (
        "SELECT format('/people/%s/money/relief/', person_id) FROM contributions_call "
        "WHERE month < '2023-11-01' AND settled_on IS NULL ORDER BY person_id LIMIT 1"
    ),
}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Example:
    """One address to look at: of which area and page, and which case it shows."""

    area: str
    page: str
    case: str
    address: str


def examples() -> list[Example]:
    """Every page that an address of ours leads to, with an example of what it takes."""
    persons = {case: found for case, asked in _STATES.items() if (found := _one(*asked))}
    values = {name: found for name, query in _EXAMPLES.items() if (found := _one(query, []))}
    first = next(iter(persons.values()), "")
    found = []
    for pattern, page, area in _addresses(get_resolver(), ""):
        if page in _OF_ROWS:
            found += [Example(area, page, _last(one), one) for one in _all(_OF_ROWS[page])]
            continue
        wanted = set(_PARAMETER.findall(pattern))
        if not wanted <= values.keys() | {"person_id"}:
            continue
        cases = persons if page in BY_STATE else {"": first}
        for case, person in cases.items():
            filled = values | {"person_id": person}
            address = "/" + _PARAMETER.sub(lambda m, filled=filled: filled[m[1]], pattern)
            found.append(Example(area, page, case, address))
            found += [Example(area, page, more, address + more) for more in ANSWERS.get(page, ())]
    return [*found, Example("site", "not_found", "", "/nowhere/")]


def sessions() -> dict[str, str]:
    """A session of the demonstration's account of each role; that of a visitor is empty."""
    cookies = {VISITOR: ""}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for known in known_demonstration_accounts():
        if known.role in cookies:
            continue
        account = Account.objects.get(email=known.email)
        session = store()
        session["_auth_user_id"] = str(account.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = account.get_session_auth_hash()
        session.save()
        cookies[str(known.role)] = str(session.session_key)
    return cookies


def _addresses(node: Any, prefix: str) -> Iterator[tuple[str, str, str]]:
    for entry in node.url_patterns:
        whole = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, whole)
        elif isinstance(entry, URLPattern) and not whole.startswith(("api/", "o/", "accounts/^")):
            parts = entry.callback.__module__.split(".")
            ours = parts[:2] == ["qafila", "web"]
            if not re.search(r"\^|\.(pdf|csv|xlsx|<)|\.<", whole):
                yield whole, entry.name or whole, parts[2] if ours else "accounts"


def _last(address: str) -> str:
    """The last word of an address: which case it shows."""
    word = address.rstrip("/").rpartition("/")[2]
    return "" if word.isdigit() else word


def _all(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


def _one(query: str, values: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return next((str(row[0]) for row in itertools.islice(cursor, 1) if row[0]), "")
