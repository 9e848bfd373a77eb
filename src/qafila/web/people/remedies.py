"""Where the remedy of each reason is on the web: the page, the button, who is offered it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.reasons import BY_CODE, Remedy
from qafila.enrolment.access import may_confirm, may_declare
from qafila.foundation.actors import ANYWHERE, Actor, Where
from qafila.institutions.access import everyone
from qafila.people.access import may_correct
from qafila.register.access import may_decide_applications, may_receive_applications
from qafila.web.design.components import Link
from qafila.web.site.areas import MayThere


@dataclass(frozen=True)
class RemedyPage:
    """The name of the address, the words on the button, who may; `of_person`: the
    address takes the person's number."""

    url_name: str
    label: Promise
    may: MayThere
    of_person: bool = True


PAGES: dict[Remedy, RemedyPage] = {
    Remedy.CORRECT: RemedyPage("person_correct", _("Write it in the file"), may_correct),
    Remedy.APPLY: RemedyPage(
        "person_application", _("Go to the application"), may_receive_applications
    ),
    Remedy.DECIDE: RemedyPage(
        "applications", _("Go to the applications"), may_decide_applications, of_person=False
    ),
    Remedy.FAMILY: RemedyPage("person_family", _("Declare the family"), may_declare),
    Remedy.RIGHTS: RemedyPage("family_rights", _("See the family's rights"), everyone),
    Remedy.PAY: RemedyPage("person_money", _("See what is owed"), everyone),
    Remedy.DECLARE: RemedyPage("person_fund", _("Go to the enrolments"), may_declare),
    Remedy.CONFIRM: RemedyPage("person_fund", _("Go to the enrolments"), may_confirm),
    Remedy.STRIKE_OFF: RemedyPage(
        "person_register", _("Go to the register"), may_decide_applications
    ),
}


# What a correction is needed for: the field it opens on, and the words on the button.
FIELDS: dict[str, tuple[str, Promise]] = {
    "no_card_number": ("card_number", _("Write the card number")),
    "no_birth_date": ("birth_date", _("Write the date of birth")),
    "place_unknown": ("commune", _("Write the commune")),
}


def remedy_link(
    reason: str, person_id: int, actor: Actor, province: Where = ANYWHERE
) -> Link | None:
    """The button of the reason's next step; None where it is not this actor's, or none is known."""
    remedy = BY_CODE[reason].remedy if reason in BY_CODE else None
    if remedy is None or not PAGES[remedy].may(actor, province):
        return None
    page = PAGES[remedy]
    address = reverse(page.url_name, args=[person_id] if page.of_person else [])
    if reason in FIELDS:
        field, label = FIELDS[reason]
        return Link(label, f"{address}?field={field}")
    return Link(page.label, address)
