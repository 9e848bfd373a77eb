"""Every verb has a door, and looks behind its lock whether the file was merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from architecture.code_map import SHELLS, CodeMap, Function, Key, opens

SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
BY_NAME = "a page calls it by the name its table holds"
A_STAGE = "a stage of accompaniment.chain, which the nightly job and `qafila lists import` run"
# What a reading of the calls does not see, each with the door it has.
WITHOUT_A_DOOR: dict[str, str] = {
    "care.claims.actions.assess_claim": BY_NAME,
    "care.claims.actions.pay_claim": BY_NAME,
    "contributions.arrears.opening.open_reported_arrears": A_STAGE,
    "enrolment.from_lists.declare_registered": A_STAGE,
    "enrolment.from_lists.enrol_listed_at_fund": A_STAGE,
    "enrolment.from_lists.note_dependants": A_STAGE,
    "register.from_lists.decide_complete_applications": A_STAGE,
    "register.from_lists.enter_listed": A_STAGE,
    "register.from_lists.open_applications": A_STAGE,
}
GUARDS = {
    ("qafila.people.access", "person_to_change"),
    ("qafila.people.access", "persons_to_change"),
    ("qafila.people.access", "lock_persons_of"),
    ("qafila.people.access", "two_persons_in_scope"),
}
OF_ONE = ("person_id", "insured_id", "enrolment_id", "claim_id", "application_id", "entry_id",
          "dependant_id", "event_id", "note_id", "plan_id", "item_id", "payment_id")  # fmt: skip


@pytest.fixture(scope="module")
def house() -> CodeMap:
    """The functions of the house as they stand."""
    return CodeMap.read(SOURCES)


def _actions(house: CodeMap) -> dict[Key, Function]:
    return {
        key: function
        for key, function in house.functions.items()
        if function.room not in (*SHELLS, "foundation", "demonstration")
        and function.public
        and opens(function, "acting", "once")
    }


def _named(key: Key) -> str:
    return f"{key[0].removeprefix('qafila.')}.{key[1]}"


def without_a_door(house: CodeMap) -> list[str]:
    """Verbs that no page, command, API or job leads to."""
    reached: set[Key] = set()
    waiting = [key for key in house.called_by_shells if key in house.functions]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += house.calls(key)
    return sorted(_named(key) for key in _actions(house) if key not in reached)


def without_a_look(house: CodeMap) -> list[str]:
    """Verbs on one person's rows that never look whether the file was merged."""
    return sorted(
        _named(key)
        for key, one in _actions(house).items()
        if one.parameters & set(OF_ONE) and not house.reaches(key, GUARDS)
    )


def test_every_verb_has_a_door(house: CodeMap) -> None:
    found = set(without_a_door(house)) - set(WITHOUT_A_DOOR)
    assert not found, f"{sorted(found)}: give them a page or a command, or say why they need none."
    assert set(WITHOUT_A_DOOR) <= {_named(key) for key in _actions(house)}


def test_every_verb_looks_whether_the_file_was_merged(house: CodeMap) -> None:
    found = without_a_look(house)
    assert not found, (
        f"{found}: lock the persons with people.access.persons_to_change, which refuses a "
        "merged file behind the lock."
    )


def test_the_rules_bite(tmp_path: Path) -> None:
    """A verb that nobody reaches and that never looks is found by what it does."""
    verb = tmp_path / "care" / "drawer.py"
    verb.parent.mkdir(parents=True)
    verb.write_text(
        "from qafila.foundation.trail import acting\n\n"
        "def pay(claim_id, *, actor, at):\n    with acting(actor, at=at):\n        pass\n"
    )
    broken = CodeMap.read(tmp_path)
    assert without_a_door(broken) == ["care.drawer.pay"]
    assert without_a_look(broken) == ["care.drawer.pay"]
