"""Numbers that belong to one person: national card, fund, registers, telephone."""

from qafila.linkage.comparisons.level import (
    ELSE,
    Comparison,
    Level,
    either_absent,
)
from qafila.linkage.comparisons.signatures import one_digit_apart

_TYPED = "levenshtein(card_number_l, card_number_r)"
_LETTERS_OF_CARD = "card_letters_l = card_letters_r"
# One typing error leaves the first characters or the last ones as they were.
_PART_OF_CARD_SAME = (
    f"(card_head_l = card_head_r OR card_tail_l = card_tail_r OR {_LETTERS_OF_CARD})"
)

CARD = Comparison(
    name="card",
    absent=either_absent("card_number"),
    levels=(
        Level("card_same", "card_number_l = card_number_r", 0.95, 2e-7),
        Level(
            "card_one_error",
            f"({_TYPED} = 1 OR ({_TYPED} = 2 AND {_LETTERS_OF_CARD}))",
            # Families make their cards on one day: neighbours' numbers are a digit apart, so that
            # two complete numbers which differ are evidence of two people, whatever their distance.
            0.045,
            0.063,
            possible=_PART_OF_CARD_SAME,
        ),
        Level("card_differs", ELSE, 0.005, 0.99998),
    ),
    trained=False,
)

_OWN_NUMBERS = ("fund_number", "register_number", "tax_number", "ae_number")
_SOME_NUMBER_SAME = " OR ".join(f"{name}_l = {name}_r" for name in _OWN_NUMBERS)

OWN_NUMBER = Comparison(
    name="own_number",
    absent=f"NOT COALESCE({_SOME_NUMBER_SAME}, FALSE)",
    levels=(
        Level("own_number_same", _SOME_NUMBER_SAME, 0.9, 1e-6),
        Level("own_number_other", ELSE, 0.1, 0.999999),
    ),
    trained=False,
)

PHONE = Comparison(
    name="phone",
    absent=either_absent("phone"),
    levels=(
        # Households and cooperatives share phones: agreement never counts beyond the floor.
        Level("phone_same", "phone_l = phone_r", 0.9, 0.0004, "phone", 4e-4),
        Level(
            "phone_one_error",
            "levenshtein(phone_l, phone_r) = 1",
            0.02,
            2e-5,
            possible=one_digit_apart("phone"),
        ),
        Level("phone_differs", ELSE, 0.08, 0.9995),
    ),
)
