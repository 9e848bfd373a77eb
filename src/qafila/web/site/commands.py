"""What forms that change something carry."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

FIELD = "command_id"


def new_command_id() -> str:
    """A fresh id for a form, so that sending it twice does the thing once."""
    return str(uuid.uuid4())


def command_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The id the form carried; None when it carried none that is one."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
