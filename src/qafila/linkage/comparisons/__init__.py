"""Comparisons of the linkage model, each small and named; the order is that of the evidence."""

from qafila.linkage.comparisons.circumstances import BIRTH, CRAFT, PLACE, SEX
from qafila.linkage.comparisons.level import Comparison
from qafila.linkage.comparisons.names import FAMILY_NAME, GIVEN_NAME
from qafila.linkage.comparisons.numbers import CARD, OWN_NUMBER, PHONE

COMPARISONS: tuple[Comparison, ...] = (
    CARD,
    OWN_NUMBER,
    FAMILY_NAME,
    GIVEN_NAME,
    BIRTH,
    PHONE,
    PLACE,
    CRAFT,
    SEX,
)
