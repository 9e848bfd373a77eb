"""The pieces a comparison is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement.

    `code` names it in evidence; `sql` decides it over columns ending in _l and _r, in words both
    DuckDB and Spark know; `m` and `u` are the published starting chances that two rows of one
    person, and of two persons, fall here.

    `possible` is true wherever `sql` is, and cheap: DuckDB's SQL over `signatures`.
    A level that only asks whether values are equal needs none.
    """

    code: str
    sql: str
    m: float
    u: float
    rarity_column: str | None = None
    rarity_floor: float = 1e-6
    possible: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A named comparison: levels from most to least alike; `absent` says when nothing is known."""

    name: str
    absent: str
    levels: tuple[Level, ...]
    trained: bool = True

    @property
    def vector_values(self) -> dict[int, Level]:
        """Splink's number for each level: the last is 0, the first the highest."""
        return dict(zip(range(len(self.levels) - 1, -1, -1), self.levels, strict=True))


ELSE = "ELSE"


def either_absent(*columns: str) -> str:
    """True when a column is empty on either side."""
    return " OR ".join(f"{name}_l IS NULL OR {name}_r IS NULL" for name in columns)
