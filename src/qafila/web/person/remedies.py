"""Where the remedy of each reason is on the web: the page, the button, who is offered it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.reasons import BY_CODE, Remedy
from qafila.enrolment.access import DECLARING
from qafila.foundation.actors import Actor, Role
from qafila.people.access import MAY_CORRECT
from qafila.register.access import DECIDING, RECEIVING
from qafila.web.design.components import Link


@dataclass(frozen=True)
class RemedyPage:
    """The name of the address, the words on the button, the roles that may; `of_person`: the
    address takes the person's number."""

    url_name: str
    label: Promise
    roles: frozenset[Role]
    of_person: bool = True


PAGES: dict[Remedy, RemedyPage] = {
    Remedy.CORRECT: RemedyPage("person_correct", _("Write it in the file"), frozenset(MAY_CORRECT)),
    Remedy.APPLY: RemedyPage(
        "person_application", _("Go to the application"), frozenset(RECEIVING)
    ),
    Remedy.DECIDE: RemedyPage(
        "applications", _("Go to the applications"), frozenset(DECIDING), of_person=False
    ),
    Remedy.FAMILY: RemedyPage("person_family", _("Declare the family"), frozenset(DECLARING)),
    Remedy.RIGHTS: RemedyPage("family_rights", _("See the family's rights"), frozenset(Role)),
    Remedy.PAY: RemedyPage("person_money", _("See what is owed"), frozenset(Role)),
}


def remedy_link(reason: str, person_id: int, actor: Actor) -> Link | None:
    """The button of the reason's next step; None where it is not this actor's, or none is known."""
    remedy = BY_CODE[reason].remedy if reason in BY_CODE else None
    if remedy is None or not actor.has(*PAGES[remedy].roles):
        return None
    page = PAGES[remedy]
    return Link(page.label, reverse(page.url_name, args=[person_id] if page.of_person else []))
