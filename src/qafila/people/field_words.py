"""What people call the fields of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

FIELD_WORDS: Final[Mapping[str, str | Promise]] = {
    "full_name_ar": pgettext_lazy("field", "Name in Arabic"),
    "family_name_ar": pgettext_lazy("field", "Family name in Arabic"),
    "given_name_ar": pgettext_lazy("field", "Given name in Arabic"),
    "full_name_latn": pgettext_lazy("field", "Name in Latin letters"),
    "family_name_latn": pgettext_lazy("field", "Family name in Latin letters"),
    "given_name_latn": pgettext_lazy("field", "Given name in Latin letters"),
    "card_number": pgettext_lazy("field", "Card number"),
    "birth_date": pgettext_lazy("field", "Date of birth"),
    "sex": pgettext_lazy("field", "Sex"),
    "commune": pgettext_lazy("field", "Commune"),
    "phone": pgettext_lazy("field", "Phone"),
}
