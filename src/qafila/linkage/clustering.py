"""Persons out of pairs: strongest pairs first, and never a person who contradicts himself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qafila.linkage.names.given_names import Name, given_verdict
from qafila.linkage.typing_errors import one_typing_error_apart

CONTRADICTIONS = (
    "card_differs",
    "sex_differs",
    "birth_differs",
    "given_differs",
    "decided_apart",
)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row says that a person can have only once; `birth` is None on 1 January.

    `file` is the list it is on; `name` the given and family words.
    """

    card: str | None = None
    sex: str | None = None
    birth: date | None = None
    year: int | None = None
    file: str | None = None
    name: Name = (None, None)


@dataclass(slots=True)
class _Person:
    rows: list[int]
    cards: frozenset[str]
    sexes: frozenset[str]
    births: frozenset[date]
    years: frozenset[int]
    names: frozenset[Name]
    on_lists: frozenset[tuple[str | None, str | None, date | None]]
    apart_from: frozenset[int]


class Persons:
    """Rows gathered into persons; joining two persons who contradict each other is refused."""

    def __init__(
        self,
        facts: Sequence[RowFacts] | Mapping[int, RowFacts],
        apart: Iterable[tuple[int, int]] = (),
        settled: Iterable[Sequence[int]] = (),
    ) -> None:
        """One person per row; `apart` lists pairs of rows people decided are two persons.

        `settled` lists the rows of persons known beforehand to hold no contradiction.
        """
        rows = facts if isinstance(facts, Mapping) else range(len(facts))
        self._person_of = {row: row for row in rows}
        apart_of: dict[int, set[int]] = {}
        for left, right in apart:
            apart_of.setdefault(left, set()).add(right)
            apart_of.setdefault(right, set()).add(left)
        self._facts = facts
        self._apart_of = apart_of
        self._persons: dict[int, _Person] = {}
        for group in settled:
            for row in group[1:]:
                self.join_by_decision(group[0], row)

    def _get_person(self, number: int) -> _Person:
        """The person of a number; rows that were never compared need none."""
        known = self._persons.get(number)
        if known is None:
            known = _alone(number, self._facts[number], self._apart_of.get(number, ()))
            self._persons[number] = known
        return known

    def person_of(self, row: int) -> int:
        """The person a row belongs to, named by one of its rows."""
        return self._person_of[row]

    def by_row(self) -> list[tuple[int, int]]:
        """Each row with its person."""
        return list(self._person_of.items())

    def rows_of(self, row: int) -> list[int]:
        """All rows of the person the row belongs to."""
        return self._get_person(self._person_of[row]).rows

    def contradiction(self, left: int, right: int) -> str | None:
        """Why the persons of two rows cannot be one, as a code of CONTRADICTIONS; else None."""
        one, other = (self._get_person(self._person_of[row]) for row in (left, right))
        return None if one is other else _contradiction(one, other)

    def join(self, left: int, right: int) -> bool:
        """Make one person of two rows' persons; False when they contradict each other."""
        if self._person_of[left] == self._person_of[right]:
            return True
        if self.contradiction(left, right) is not None:
            return False
        return self.join_by_decision(left, right)

    def join_by_decision(self, left: int, right: int) -> bool:
        """Make one person of two rows' persons, because people decided so, whatever the rows say.

        False when people also decided that they are apart.
        """
        one, other = self._person_of[left], self._person_of[right]
        if one == other:
            return True
        person, joining = self._get_person(one), self._get_person(other)
        if _decided_apart(person, joining):
            return False
        if len(person.rows) < len(joining.rows):
            one, other, person, joining = other, one, joining, person
        self._persons[one] = _merged(person, joining)
        for row in joining.rows:
            self._person_of[row] = one
        del self._persons[other]
        return True


def contradict(left: RowFacts, right: RowFacts) -> bool:
    """Whether two rows cannot be one person."""
    return _contradiction(_alone(0, left, ()), _alone(1, right, ())) is not None


def _alone(row: int, fact: RowFacts, apart: Iterable[int]) -> _Person:
    return _Person(
        [row],
        frozenset() if fact.card is None else frozenset((fact.card,)),
        frozenset() if fact.sex is None else frozenset((fact.sex,)),
        frozenset() if fact.birth is None else frozenset((fact.birth,)),
        frozenset() if fact.year is None else frozenset((fact.year,)),
        frozenset() if fact.name[0] is None else frozenset((fact.name,)),
        frozenset(((fact.file, fact.card, fact.birth),)),
        frozenset(apart),
    )


def _merged(one: _Person, other: _Person) -> _Person:
    return _Person(
        one.rows + other.rows,
        one.cards | other.cards,
        one.sexes | other.sexes,
        one.births | other.births,
        one.years | other.years,
        one.names | other.names,
        one.on_lists | other.on_lists,
        one.apart_from | other.apart_from,
    )


def _contradiction(one: _Person, other: _Person) -> str | None:
    if _decided_apart(one, other):
        return "decided_apart"
    if not _cards_agree(one, other):
        return "card_differs"
    if one.sexes and other.sexes and one.sexes != other.sexes:
        return "sex_differs"
    sure = not one.cards.isdisjoint(other.cards)
    if not _days_agree(one, other) or not (sure or _births_agree(one, other)):
        return "birth_differs"
    born_alike = not one.births.isdisjoint(other.births)
    if not (sure and born_alike) and not _given_agree(one, other, sure=sure):
        return "given_differs"
    return None


def _cards_agree(one: _Person, other: _Person) -> bool:
    """Numbers are equal, or one typing error apart where all else speaks for one person."""
    if len(one.cards | other.cards) <= 1 or not one.cards or not other.cards:
        return True
    if not all(same_card(a, b) for a in one.cards for b in other.cards):
        return False
    if any(
        None not in (card, other_card) and card != other_card
        for (card, _), (other_card, _) in _on_one_list(one, other)
    ):
        return False
    return _births_agree(one, other) and _given_agree(one, other, sure=False)


def _days_agree(one: _Person, other: _Person) -> bool:
    """No list has two birth dates of the person: it knows its own people apart."""
    days = [(day, other_day) for (_, day), (_, other_day) in _on_one_list(one, other)]
    return all(_same_birth(a, b) for a, b in days if a is not None and b is not None)


_Said = tuple[str | None, date | None]


def _on_one_list(one: _Person, other: _Person) -> Iterator[tuple[_Said, _Said]]:
    """Card and birth of each two rows that are on one list."""
    for file, card, day in one.on_lists:
        for other_file, other_card, other_day in other.on_lists:
            if file is not None and file == other_file:
                yield (card, day), (other_card, other_day)


def _given_agree(one: _Person, other: _Person, *, sure: bool) -> bool:
    """No two given names; a doubtful spelling is believed beside a sure one or an equal number."""
    verdicts = {given_verdict(a, b) for a in one.names for b in other.names}
    if "apart" in verdicts:
        return False
    return sure or verdicts != {"unsure"}


def _decided_apart(one: _Person, other: _Person) -> bool:
    return not (one.apart_from.isdisjoint(other.rows) and other.apart_from.isdisjoint(one.rows))


def same_card(left: str, right: str) -> bool:
    """Equal, or one typing error apart."""
    return left == right or one_typing_error_apart(left, right)


def _births_agree(one: _Person, other: _Person) -> bool:
    days = all(_same_birth(a, b) for a in one.births for b in other.births)
    years = len(one.years | other.years) <= 1 or not one.years or not other.years
    return days and years


def _same_birth(left: date, right: date) -> bool:
    if left == right:
        return True
    return left.year == right.year and (left.day, left.month) == (right.month, right.day)
