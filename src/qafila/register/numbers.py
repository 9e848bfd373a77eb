"""Register numbers issued by the register itself.

The official format of the craft identity number (NIA) is not public, so ours is our own: the letter
Q, eight digits of a serial that never goes back, and a check letter (serial modulo 23). Listed
numbers are kept as listed. The database function `register_next_number()` issues them and skips any
number an entry already carries.
"""

from __future__ import annotations

import re

CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
_OURS = re.compile(r"Q(\d{8,})([A-Z])")


def number_for(serial: int) -> str:
    """The register number with this serial, e.g. 1 → Q00000001B."""
    return f"Q{serial:08d}{CHECK_LETTERS[serial % len(CHECK_LETTERS)]}"


def is_ours(number: str) -> bool:
    """Whether `number` has our format and its check letter fits: any one wrong digit shows."""
    match = _OURS.fullmatch(number)
    return bool(match) and number_for(int(match[1])) == number if match else False
