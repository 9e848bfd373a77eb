"""What every room's errors have in common: a stable code, its parameters, and a whole sentence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.wording.told import told


class DomainError(Exception):
    """A refusal a person can act on. Shells show `sentence()`; programs read `code`.

    `template` is a translatable sentence with named %-placeholders filled from `params`.
    """

    code: ClassVar[str] = "refused"
    template: ClassVar[str | Promise] = _("This cannot be done.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    def sentence(self) -> str:
        """What happened, where, and what to do, in the language in force."""
        return str(self.template) % told(self.params)

    def __str__(self) -> str:
        # Only the code: sentences may carry names, and exceptions end up in logs.
        return self.code


class Question(DomainError):
    """What may be a mistake: whoever says that it is right sends the same again, with its code.

    Actions take the codes answered so as `confirmed`.
    """


class NotAllowed(DomainError):
    """The actor's roles do not include this."""

    code = "not_allowed"
    template = _(
        "Your role does not allow this. Ask your administrator if you need it for your work."
    )


class NotFoundInScope(DomainError):
    """No such object, or none this actor may know of: both look the same from outside."""

    code = "not_found"
    template = _("Nothing was found at this address. Check the address or search again.")


class SomeoneElseActed(DomainError):
    """A compare-and-swap found the object in another state than the one seen on the page."""

    code = "someone_else_acted"
    template = _("Someone else changed this in the meantime. Reload the page and look again.")
