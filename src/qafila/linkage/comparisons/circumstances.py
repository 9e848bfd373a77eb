"""Birth, sex, place and craft: what is written about a person beside names and numbers."""

from qafila.linkage.comparisons.level import (
    ELSE,
    Comparison,
    Level,
    either_absent,
)
from qafila.linkage.comparisons.signatures import letters_apart, one_digit_apart

_DAYS = "birth_day_l = birth_day_r"
_SAME_YEAR = "birth_year_l = birth_year_r"
_DAY_UNKNOWN = "(birth_day_l IS NULL OR birth_day_r IS NULL OR first_january_l OR first_january_r)"

BIRTH = Comparison(
    name="birth",
    absent=either_absent("birth_year"),
    levels=(
        Level("birth_same_day", "birth_exact_l = birth_exact_r", 0.80, 6e-5),
        # 1 January is what is written when only the year is known.
        Level("birth_same_first_january", f"{_DAYS} AND first_january_l", 0.07, 0.0003),
        Level("birth_day_month_exchanged", "birth_exchanged_l = birth_day_r", 0.01, 5e-5),
        Level("birth_same_year", f"{_SAME_YEAR} AND {_DAY_UNKNOWN}", 0.10, 0.003),
        Level(
            "birth_one_digit",
            "levenshtein(birth_day_l, birth_day_r) = 1",
            0.008,
            0.0012,
            possible=one_digit_apart("birth_day"),
        ),
        Level("birth_same_year_other_day", _SAME_YEAR, 0.004, 0.016),
        Level(
            "birth_near_year",
            f"abs(birth_year_l - birth_year_r) = 1 AND {_DAY_UNKNOWN}",
            0.003,
            0.008,
        ),
        Level("birth_differs", ELSE, 0.005, 0.97),
    ),
)

SEX = Comparison(
    name="sex",
    absent=either_absent("sex"),
    levels=(
        Level("sex_same", "sex_l = sex_r", 0.995, 0.5),
        Level("sex_differs", ELSE, 0.005, 0.5),
    ),
    trained=False,
)

PLACE = Comparison(
    name="place",
    absent=either_absent("place"),
    levels=(
        Level(
            "commune_same",
            "place_l = place_r OR place_key_l = place_key_r",
            0.90,
            0.01,
            "place",
            2e-3,
        ),
        Level(
            "commune_close",
            "levenshtein(place_key_l, place_key_r) = 1",
            0.02,
            0.004,
            possible=f"{letters_apart('place_key')} <= 2",
        ),
        Level("province_same", "province_l = province_r", 0.03, 0.05),
        Level("place_differs", ELSE, 0.05, 0.93),
    ),
)

CRAFT = Comparison(
    name="craft",
    absent=either_absent("craft"),
    levels=(
        Level("craft_same", "craft_l = craft_r", 0.9, 0.08, "craft", 0.02),
        Level("craft_differs", ELSE, 0.1, 0.92),
    ),
)
