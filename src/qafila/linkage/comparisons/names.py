"""Family and given names, across scripts and in exchanged order."""

from qafila.linkage.comparisons.level import ELSE, Comparison, Level, either_absent
from qafila.linkage.comparisons.signatures import letters_apart

_SAME_SCRIPT = "name_arabic_l = name_arabic_r"


def _excess(part: str) -> str:
    """Edits between two sounded forms beyond the vowels that one merely writes and one does not.

    The Levenshtein distance equals the difference of lengths exactly when the shorter form is
    contained, in order, in the longer one.
    """
    left, right = f"{part}_sound_l", f"{part}_sound_r"
    return f"(levenshtein({left}, {right}) - abs(length({left}) - length({right})))"


def _arabic_not_longer(part: str) -> str:
    left, right = f"length({part}_sound_l)", f"length({part}_sound_r)"
    return (
        f"(CASE WHEN name_arabic_l THEN {left} <= {right} "
        f"WHEN name_arabic_r THEN {right} <= {left} ELSE TRUE END)"
    )


def same_name(part: str) -> str:
    """Written alike, or read alike with the vowels each script writes."""
    read_alike = (
        f"NOT (name_arabic_l AND name_arabic_r) AND {part}_key_l = {part}_key_r "
        f"AND {_excess(part)} = 0 AND {_arabic_not_longer(part)}"
    )
    if part == "given":
        read_alike += " AND (given_end_l = given_end_r OR given_end_l = 'y' OR given_end_r = 'y')"
    return f"({part}_spelling_l = {part}_spelling_r OR ({read_alike}))"


def one_error(part: str) -> str:
    """One letter wrong, missing or added, or two neighbours exchanged."""
    left, right = f"{part}_spelling_l", f"{part}_spelling_r"
    typed = f"levenshtein({left}, {right})"
    exchanged = f"{typed} = 2 AND {part}_letters_l = {part}_letters_r"
    sounded = (
        f"levenshtein({part}_key_l, {part}_key_r) <= 1 AND {_excess(part)} <= 1 "
        f"AND length({part}_key_l) + length({part}_key_r) > 3"
    )
    return f"(({_SAME_SCRIPT} AND ({typed} = 1 OR ({exchanged}))) OR ({sounded}))"


def close_name(part: str) -> str:
    """Two letters apart in a long name, or the same consonants."""
    long_enough = f"length({part}_key_l) + length({part}_key_r) >= 8"
    return (
        f"({part}_key_l = {part}_key_r "
        f"OR ({long_enough} AND levenshtein({part}_key_l, {part}_key_r) <= 2))"
    )


def _same_possible(part: str) -> str:
    return f"({part}_spelling_l = {part}_spelling_r OR {part}_key_l = {part}_key_r)"


def _one_error_possible(part: str) -> str:
    return f"({letters_apart(f'{part}_key')} <= 2 OR {letters_apart(f'{part}_spelling')} <= 2)"


def _close_possible(part: str) -> str:
    return f"{letters_apart(f'{part}_key')} <= 4"


_EXCHANGED = "(family_key_l = given_key_r AND given_key_l = family_key_r)"

FAMILY_NAME = Comparison(
    name="family",
    absent=either_absent("family_key"),
    levels=(
        Level(
            "family_same",
            same_name("family"),
            0.86,
            0.004,
            "family_key",
            2e-5,
            possible=_same_possible("family"),
        ),
        Level("family_exchanged", _EXCHANGED, 0.006, 0.0004, "name_key"),
        Level("family_variant", "family_core_l = family_core_r", 0.05, 0.004, "family_core", 2e-5),
        Level(
            "family_close", one_error("family"), 0.06, 0.012, possible=_one_error_possible("family")
        ),
        Level(
            "family_alike", close_name("family"), 0.015, 0.02, possible=_close_possible("family")
        ),
        Level("family_differs", ELSE, 0.009, 0.96),
    ),
)

GIVEN_NAME = Comparison(
    name="given",
    absent=either_absent("given_key"),
    levels=(
        Level(
            "given_same",
            same_name("given"),
            0.87,
            0.01,
            "given_key",
            5e-5,
            possible=_same_possible("given"),
        ),
        Level("given_exchanged", _EXCHANGED, 0.006, 0.0004),
        Level(
            "given_close", one_error("given"), 0.08, 0.012, possible=_one_error_possible("given")
        ),
        Level("given_part", "given_first_l = given_first_r", 0.02, 0.01, "given_first", 5e-5),
        Level("given_alike", close_name("given"), 0.012, 0.02, possible=_close_possible("given")),
        Level("given_differs", ELSE, 0.012, 0.94),
    ),
)
