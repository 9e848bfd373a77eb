"""Moroccan telephone numbers as spreadsheets mangle them."""

import phonenumbers

from qafila.linkage.values.identifiers import digits_of


def normalise_phone(value: object) -> str | None:
    """The number in E.164 (+212…), or None when the cell holds no possible Moroccan number.

    Read: 0612…, 612… (Excel dropped the zero), 639741374.0, +212, 00212, spaces, dots, dashes,
    Arabic-Indic digits. Mobile and fixed numbers are kept, other countries' are not.
    """
    digits = digits_of(value).removeprefix("00").removeprefix("212").lstrip("0")
    if len(digits) != 9 or digits[0] not in "5678":
        return None
    number = phonenumbers.PhoneNumber(country_code=212, national_number=int(digits))
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
