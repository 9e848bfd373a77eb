"""The number and categories under which a person is at the fund, for papers."""

from __future__ import annotations

from typing import Any

from qafila.enrolment import facts as enrolment

_OF_PERSON = f"""
SELECT e.fund_number, e.category FROM {enrolment.AT_FUND} e
WHERE e.person_id = %s
ORDER BY (e.state = 'closed'), e.effective_from DESC, e.id DESC
"""


def fund_number_of(cursor: Any, person_id: int) -> tuple[str, list[str]]:
    """The number in use (empty while there is none), and the categories of every enrolment."""
    cursor.execute(_OF_PERSON, [person_id])
    found = cursor.fetchall()
    return (found[0][0] if found else ""), [category for _, category in found]
