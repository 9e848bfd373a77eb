"""What higher rooms may ask of this one: to be told when two files become one, or two again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from qafila.foundation.actors import Actor, Scope
from qafila.linkage.names.name_keys import KEY_VERSION

IdentityListener = Callable[[Sequence[int], Actor, dt.datetime], None]

identity_listeners: list[IdentityListener] = []
"""Called in the same transaction with the numbers of the persons concerned. `config` fills it, so
that what is derived from facts (rights, standings) is remade for them."""

FileCheck = Callable[[Sequence[int], dt.date, Collection[str]], AbstractContextManager[None]]

file_checks: list[FileCheck] = []
"""Put around a change of what a file says of a person (sex, birth, name), with the persons, the day
and the codes of the questions answered: raise when the change brings what cannot be. `config` fills
it."""

life_checks: list[Callable[[int], None]] = []
"""Called with a person of whom something new is begun: raise when the person died. `config` fills
it."""

derived_tables: set[str] = set()
"""Tables about persons that are derived from facts. `config` names them: a merge neither moves nor
keeps their rows, they are remade for the persons concerned."""

KeyMaker = Callable[[Sequence[int], Actor, dt.datetime], None]

key_makers: list[KeyMaker] = []
"""Called with persons whose file was put back as it was under an earlier version of the keys of
names. `config` fills it: lists know the other spellings."""

FIRST_KEY_VERSION = 2
"""The version of what was kept before versions were noted."""


def remake_keys(
    kept_version: int, persons: Sequence[int], *, actor: Actor, at: dt.datetime
) -> None:
    """Have the keys of these persons made again if what was put back is of another version."""
    if kept_version != KEY_VERSION:
        for maker in key_makers:
            maker(persons, actor, at)


def tell_identity_changed(persons: Sequence[int], *, actor: Actor, at: dt.datetime) -> None:
    """Tell every listener that rows moved between these persons."""
    for listener in identity_listeners:
        listener(persons, actor, at)


@dataclass(frozen=True)
class KindOfRow:
    """How merges treat the rows of one table, beyond moving them.

    `label`: what people call the rows, in the plural. `counts`: SQL condition of the rows that
    still mean something; rows ended since a merge do not hinder its undoing. `beside`: the tables
    of which the absorbed person must have brought rows for a row written since to be anybody's
    guess. `set_by`: both may have the same one, and the absorbed person's is set by.
    """

    label: str | Promise
    counts: str = "true"
    beside: tuple[str, ...] = ()
    set_by: bool = False


kinds_of_rows: dict[str, KindOfRow] = {}
"""Table → its kind. `config` fills it from what each room says of its own tables."""


@dataclass(frozen=True)
class Proof:
    """What must never be: a statement that finds it, and its remedy.

    `sql` gives a row (person_id, row_id) for each fault: whom it concerns, an active person, and
    the row that is wrong.
    """

    told: str | Promise
    remedy: str | Promise
    sql: str


proofs: dict[str, Proof] = {}
"""Code → proof, in the order they are told. `config` fills it from what each room says of its own
rows; the nightly search files what they find (`contributions.anomalies`)."""


@contextmanager
def checked(persons: Sequence[int], on: dt.date, confirmed: Collection[str]) -> Iterator[None]:
    """What is done within is held against every check of `file_checks`."""
    with ExitStack() as checks:
        for check in file_checks:
            checks.enter_context(check(persons, on, confirmed))
        yield


@contextmanager
def merge_checked(kept: int, absorbed: int, on: dt.date) -> Iterator[None]:
    """What is done within is held against every check of `merge_checks`."""
    with ExitStack() as checks:
        for check in merge_checks:
            checks.enter_context(check(kept, absorbed, on))
        yield


def require_alive(person_id: int) -> None:
    """Raise what `life_checks` raise when a death is written in the file."""
    for check in life_checks:
        check(person_id)


merge_locks: list[Callable[[], None]] = []
"""Locks that a merge and its undoing take before they lock a person: whoever places money holds
them in the same order. `config` fills it."""

tables_behind_lock: set[str] = set()
"""Tables written in mass by those alone who hold one of `merge_locks`. `config` names them."""

MergeRefusal = Callable[[int, int], None]

merge_refusals: list[MergeRefusal] = []
"""Called with the kept and the absorbed person before anything moves: raise, or return."""

MergeCheck = Callable[[int, int, dt.date], AbstractContextManager[None]]

merge_checks: list[MergeCheck] = []
"""Put around the moving of rows, with the kept and the absorbed person and the day: raise when the
common file holds what cannot be. `config` fills it."""

ChangedRow = dict[str, Any]
"""A row that a merge changed besides moving it: its table, and itself before and after."""

MergeSettler = Callable[[int, int, dt.datetime], Callable[[], list[ChangedRow]]]

merge_settlers: list[MergeSettler] = []
"""Called with the kept and the absorbed person before rows move; what it returns is called after,
to settle what meets in the common file, and says which rows it changed."""

undo_settlers: list[Callable[[int, int, dt.datetime], None]] = []
"""Called with the kept and the absorbed person, and the moment, once the rows are back."""


def lock_for_merging() -> None:
    """Take the locks that a merge needs before any person is locked."""
    for lock in merge_locks:
        lock()


Eraser = Callable[[int, bool, Scope], dict[str, int]]

erasers: list[Eraser] = []
"""Called with a person whose data are erased, whether the identity goes too, and the territory of
whoever erases: take out what this
room holds of them that no law keeps, and say how many rows of what. `config` fills it."""
