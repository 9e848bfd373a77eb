"""What forms that change something carry: their id, and the questions that were answered."""

from __future__ import annotations

import uuid

from django.forms import BaseForm
from django.http import HttpRequest

FIELD, ANSWERS = "command_id", "confirmed"
_ASKED = "question_asked"


def new_command_id() -> str:
    """A fresh id for a form, so that sending it twice does the thing once."""
    return str(uuid.uuid4())


def command_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The id the form carried; None when it carried none that is one."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def ask_on(form: BaseForm, code: str) -> None:
    """Remember on the form which question was asked: its page shows the tick."""
    setattr(form, _ASKED, code)


def asked_on(form: BaseForm) -> str:
    """The code of the question that was asked on the form; empty for none."""
    return str(getattr(form, _ASKED, ""))


def answered(request: HttpRequest) -> tuple[str, ...]:
    """The codes of the questions that were answered: it is right."""
    return tuple(code for code in request.POST.getlist(ANSWERS) if code.isidentifier())
