"""Text in the bodies and addresses of the API, through the one door of typed text."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from qafila.foundation.typed_text import LONGEST_LINE
from qafila.tables.folding import tidied


class Tidied:
    """Marks a type whose text is tidied before its length and pattern are looked at."""


def _shown(value: Any) -> Any:
    return tidied(value) if isinstance(value, str) else value


TIDY = (BeforeValidator(_shown), Tidied())
"""Behind the bounds of a text (the last one is asked first), so that the description tells them."""

Text = Annotated[str, Field(max_length=LONGEST_LINE), *TIDY]
