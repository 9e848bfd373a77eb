"""What a password has to be beside what Django asks: no longer than is looked at."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128


class LongestPassword:
    """Refuses a text nobody remembers, which would only keep the processor busy."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when it is longer than `LONGEST` characters."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        told = _("The password is too long: at most %(most)d characters are read.")
        return str(told) % {"most": LONGEST}
