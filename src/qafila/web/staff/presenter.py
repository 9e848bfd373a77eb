"""Accounts as administrators see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.care.coverage_check.partners import PartnerListed
from qafila.foundation.actors import Actor
from qafila.institutions.accounts.four_eyes import ACTS, ActAsked
from qafila.institutions.queries import HeldPost, StaffMember
from qafila.institutions.role_names import ROLE_NAMES
from qafila.places import queries as places
from qafila.web.design.components import Column, Link, Row, Table, Tag
from qafila.web.design.figures import day_text
from qafila.web.design.record_list import RecordColumn
from qafila.web.people.presenter import names_in_order
from qafila.web.site.territory import language

DONE: dict[str, Promise] = {
    "reset_second_factor": _(
        "The second factor was removed: the person sets up another at the next sign-in."
    ),
    "close": _("The account was closed; its posts end today."),
}
_WHOLE_COUNTRY = _("The whole country")


def name_of(one: StaffMember) -> str:
    """The person's name in the order of the language in force."""
    return names_in_order(one.name, one.name_latn)[0]


def state_of(one: StaffMember) -> Tag:
    """Whether the account can sign in."""
    if one.is_active:
        return Tag(pgettext_lazy("account", "Open"), "ok", "ok")
    return Tag(pgettext_lazy("account", "Closed"), "warn", "lock")


def staff_table(members: list[StaffMember]) -> Table:
    """Every account with its posts of the day; the name leads to its page."""
    columns = (
        Column("name", _("Name")),
        Column("email", _("E-mail address"), "identifier"),
        Column("posts", _("Posts")),
        Column("second", _("Second factor")),
        Column("state", _("State"), "tag"),
    )
    rows = [
        Row(
            {
                "name": name_of(one),
                "email": one.email,
                "posts": " · ".join(_post(post) for post in one.posts),
                "second": _("Yes") if one.has_second_factor else _("No"),
                "state": state_of(one),
            },
            href=reverse("staff_member", args=[one.account_id]),
        )
        for one in members
    ]
    return Table(_("Accounts of the staff"), columns, rows, empty=_("There is no account yet."))


def clients_table(partners: Iterable[PartnerListed]) -> Table:
    """The partners' programs; one that is not withdrawn can be."""
    columns = (
        Column("name", _("Name")),
        Column("client", pgettext_lazy("client", "Number"), "identifier"),
        Column("withdrawn", pgettext_lazy("client", "Withdrawn on"), "moment"),
        RecordColumn("acts", pgettext_lazy("anomaly", "To do"), "part", part="staff/withdraw.html"),
    )
    rows = [
        Row(
            {
                "name": one.name,
                "client": one.client_id,
                "withdrawn": one.withdrawn_at,
                "acts": None if one.withdrawn_at else {"id": one.client_id, "name": one.name},
            }
        )
        for one in partners
    ]
    return Table(_("Clients of the API"), columns, rows, empty=_("There is no client yet."))


FIELDS_OF_POSTS = {
    "territory_not_yours": "territory",
    "institution_unknown": "institution",
    "post_ends_before_it_begins": "held_until",
    "post_already_held": "role",
}
"""Code of a refusal → the field it is said beside."""


def post_told(post: HeldPost) -> str:
    """A post in one line."""
    return f"{_post(post)} · {post.institution}"


def posts_table(posts: list[HeldPost], account_id: int, today: dt.date) -> Table:
    """The posts of one account, past ones too; those not over yet lead to their end."""
    columns = (
        Column("role", _("Role")),
        Column("institution", _("Institution")),
        Column("territory", _("Territory")),
        Column("held_from", _("From"), "day"),
        Column("held_until", _("Until"), "day"),
        Column("end", "", "link"),
    )
    rows = [
        Row(
            {
                "end": _ending(post, account_id, today),
                "role": ROLE_NAMES[post.role],
                "institution": post.institution,
                "territory": post.territory or _WHOLE_COUNTRY,
                "held_from": post.held_from,
                "held_until": post.held_until,
            }
        )
        for post in posts
    ]
    return Table(_("Posts"), columns, rows, empty=_("There is no post yet."))


def _ending(post: HeldPost, account_id: int, today: dt.date) -> Link | None:
    if post.held_until is not None and post.held_until <= today:
        return None
    return Link(_("End the post"), reverse("take_post", args=[account_id, post.id]))


def acts_open(one: StaffMember) -> list[tuple[str, Promise]]:
    """What can be done with the account as it is: the act and the word on its button."""
    if not one.is_active:
        return [("reopen", ACTS["reopen"])]
    names = ["reset_password", *(["reset_second_factor"] if one.has_second_factor else []), "close"]
    return [(name, ACTS[name]) for name in names]


def asked_shown(asked: list[ActAsked], actor: Actor) -> list[dict[str, Any]]:
    """What waits for a second administrator; one's own request is another's to confirm."""
    return [
        {
            "id": one.act_id,
            "account_id": one.account_id,
            "name": one.name,
            "act": one.act,
            "word": ACTS[one.act],
            "asked_by": one.asked_by,
            "asked_at": one.asked_at,
            "mine": one.asked_by_id == actor.id,
            "confirm": _confirming(one),
            "about": _about(one),
        }
        for one in asked
    ]


def _confirming(one: ActAsked) -> str:
    if one.about:
        return reverse("confirm_act", args=[one.act_id])
    return reverse("staff_act", args=[one.account_id, one.act])


def _about(one: ActAsked) -> str:
    """Over which territory and until when, for a post that is asked for."""
    if one.act == "hold_post":
        terms = one.about
        place = terms["region_id"] or terms["province_id"]
        names = places.names_of([place], language()) if place else {}
        return f"{names.get(place, _WHOLE_COUNTRY)} · {day_text(_day(terms['held_from']))}"
    return day_text(_day(one.about["last_day"])) if one.about else ""


def _day(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


def _post(post: HeldPost) -> str:
    return f"{ROLE_NAMES[post.role]} ({post.territory or _WHOLE_COUNTRY})"
