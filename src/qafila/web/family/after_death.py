"""Life after death as pages tell it: each member's last day of cover, and money paid ahead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qafila.contributions.access import may_post
from qafila.foundation.actors import Actor
from qafila.people.access import PersonFile, seen_by
from qafila.rights.after_death import after_death_text, cover_after_death
from qafila.rights.family import MemberRights, family_rights
from qafila.web.design.components import TAGS, Column, Link, Row, Table
from qafila.web.design.pdf_answers import printed_language
from qafila.web.people.presenter import names_in_order


@dataclass(frozen=True)
class AfterDeath:
    """The day of the death, the family's cover and the message about it, the money paid ahead, the
    step that gives it."""

    died_on: dt.date
    cover: str
    text: str
    table: Table
    credit_centimes: int
    give: Link | None


def after_death(found: PersonFile, today: dt.date, actor: Actor) -> AfterDeath | None:
    """What a page tells of a person who died; None while no death is written in the file."""
    scope = seen_by(actor)
    told = cover_after_death(found.id, scope=scope)
    if told is None:
        return None
    members = family_rights(found.id, today, scope=scope, person=found)
    gives = told.credit_centimes > 0 and may_post(actor, found.person.province_id)
    link = Link(_("Give it to the heirs"), reverse("person_refund", args=[found.id]))
    return AfterDeath(
        told.died_on,
        told.cover_sentence,
        after_death_text(found.id, language=printed_language(), scope=scope),
        _table(members),
        told.credit_centimes,
        link if gives else None,
    )


def _table(members: list[MemberRights]) -> Table:
    columns = [
        Column("name", pgettext("column", "Name")),
        Column("rights", _("Rights today"), "tag"),
        Column("until", _("Last day of cover"), "day"),
    ]
    rows = [
        Row(
            {
                "name": names_in_order(one.name_ar, one.name_latn)[0],
                "rights": TAGS[one.status],
                "until": _last_day(one) or "",
            }
        )
        for one in members
    ]
    caption = _("The family's cover after the death")
    return Table(caption, columns, rows, empty=_("Nobody is declared in this family yet."))


def _last_day(one: MemberRights) -> dt.date | None:
    return one.until - dt.timedelta(days=1) if one.status == "open" and one.until else None
