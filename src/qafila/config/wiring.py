"""What follows from what, across rooms: lower rooms tell through ports, higher ones listen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qafila.foundation.actors import Actor


def connect_rooms() -> None:
    """Fill the ports of the lower rooms; called once, when the application starts."""
    from qafila.accompaniment import facts as accompaniment
    from qafila.contributions.arrears import facts as arrears
    from qafila.foundation.ports import person_listeners, unguarded_tables
    from qafila.foundation.stores import allowances, shared_cache
    from qafila.institutions.facts import UNGUARDED_TABLES
    from qafila.lists.erasing import erase_rows
    from qafila.people.ports import derived_tables, erasers, identity_listeners, key_makers
    from qafila.rights import facts as rights

    person_listeners.append(derive_touched)
    # Counted before it is known who acts.
    unguarded_tables.update({*UNGUARDED_TABLES, shared_cache.TABLE, allowances.TABLE})
    derived_tables.update({*arrears.DERIVED, *rights.DERIVED, *accompaniment.DERIVED})
    identity_listeners.append(_touch)
    key_makers.append(_make_keys)
    erasers.append(erase_rows)
    _connect_merging()
    _connect_families()
    _connect_proofs()


def _connect_merging() -> None:
    """What each room has to say when two files become one, and two again."""
    from qafila.care.merged_files import KINDS_OF_ROWS as CARE
    from qafila.contributions import merged_files as contributions
    from qafila.enrolment import merged_files as enrolment
    from qafila.foundation.ports import refusals_of_triggers
    from qafila.lists.merged_files import KINDS_OF_ROWS as LISTS
    from qafila.people import ports
    from qafila.people.merging import merge_guard
    from qafila.people.merging.kinds_of_rows import KINDS_OF_ROWS as PEOPLE
    from qafila.register.merged_files import KINDS_OF_ROWS as REGISTER
    from qafila.rights.merged_cover import let_paid_cover_stand

    rooms = (PEOPLE, LISTS, REGISTER, enrolment.KINDS_OF_ROWS, contributions.KINDS_OF_ROWS, CARE)
    for kinds in rooms:
        ports.kinds_of_rows.update(kinds)
    ports.tables_behind_lock.update(contributions.BEHIND_THE_LOCK)
    ports.merge_locks.append(contributions.take_turn)
    ports.merge_refusals.append(enrolment.refuse_one_family)
    ports.merge_checks.append(enrolment.possible_family)
    ports.merge_settlers.extend([enrolment.join_declarations, let_paid_cover_stand])
    ports.undo_settlers.append(contributions.part_money)
    refusals_of_triggers[merge_guard.MERGED] = merge_guard.refusal_of


def _connect_families() -> None:
    """What families and deaths have to say when a file is corrected or something new is begun."""
    from qafila.enrolment.family.after_death import require_alive
    from qafila.enrolment.family.whole_family import check_correction
    from qafila.people import ports

    ports.file_checks.append(check_correction)
    ports.life_checks.append(require_alive)


def _connect_proofs() -> None:
    """What each room says must never be; the nightly search files what is found."""
    from qafila.care.proofs import PROOFS as CARE
    from qafila.contributions.anomalies.proven import file_proofs
    from qafila.contributions.proofs import PROOFS as CONTRIBUTIONS
    from qafila.enrolment.proofs import PROOFS as ENROLMENT
    from qafila.people.ports import proofs
    from qafila.people.proofs import own_proofs

    for room in (own_proofs(), ENROLMENT, CONTRIBUTIONS, CARE):
        proofs.update(room)
    file_proofs(proofs)


def derive_touched(persons: Sequence[int], at: dt.datetime) -> None:
    """Bring persons whose facts changed up to date, in the transaction under way."""
    from qafila.accompaniment.derivation import bring_up_to_date
    from qafila.foundation.trail import system_actor

    bring_up_to_date(persons, actor=system_actor("consequences"), at=at)


def _touch(persons: Sequence[int], actor: object, at: object) -> None:
    from qafila.foundation.trail import touch_persons

    touch_persons(persons)


def _make_keys(persons: Sequence[int], actor: Actor, at: dt.datetime) -> None:
    from qafila.lists.linking.stored_keys import remake_keys_of_persons

    remake_keys_of_persons(persons, actor, at)
