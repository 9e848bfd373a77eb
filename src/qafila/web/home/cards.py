"""The pieces of work on the home page: what an actor can end, in which order, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.audit.access import may_close_cases
from qafila.care.access import may_decide_claims, may_receive_claims
from qafila.contributions.access import may_decide_money, may_post_everywhere, may_see_anomalies
from qafila.foundation.actors import Actor
from qafila.foundation.queue.jobs import may_look_after_jobs
from qafila.institutions.access import leads_programme, may_administer, may_follow_up
from qafila.lists.access import may_decide_pairs
from qafila.people.access import may_answer_requests
from qafila.register.access import may_decide_applications
from qafila.web.site.areas import NavItem, Waiting, find_address


def _looks_after(actor: Actor) -> bool:
    """Those who look after figures or the system have others carry people on, file by file."""
    return leads_programme(actor) or may_administer(actor)


def _treats_claims(actor: Actor) -> bool:
    return not may_administer(actor) and (may_receive_claims(actor) or may_decide_claims(actor))


def _decides_pairs(actor: Actor) -> bool:
    return may_decide_pairs(actor) and not _looks_after(actor)


def _decides_applications(actor: Actor) -> bool:
    return may_decide_applications(actor) and not _looks_after(actor)


def _follows_up(actor: Actor) -> bool:
    return may_follow_up(actor) and not (_looks_after(actor) or may_post_everywhere(actor))


def _recovers(actor: Actor) -> bool:
    return may_decide_money(actor) and not leads_programme(actor)


@dataclass(frozen=True)
class HomeCard:
    """A piece of work: `key` is the page that ends it and what is counted.

    Cards are ordered by how many wait times `urgency`.
    """

    key: str
    text: str | Promise
    icon: str
    may: Callable[[Actor], bool]
    urgency: int = 1


CARDS = (
    HomeCard(
        "runs", _("Months whose contributions can be issued."), "coins", may_post_everywhere, 10_000
    ),
    HomeCard(
        "access_requests",
        _("Other territories ask for files of yours: grant or refuse."),
        "person",
        may_answer_requests,
        50,
    ),
    HomeCard(
        "claims",
        _("Claims that wait: papers to take in, care to assess, appeals to decide."),
        "care",
        _treats_claims,
        50,
    ),
    HomeCard(
        "applications",
        _("Complete applications that wait for a decision."),
        "file",
        _decides_applications,
        50,
    ),
    HomeCard(
        "audit", _("What agents read that has to be looked at."), "search", may_close_cases, 100
    ),
    HomeCard(
        "staff",
        _("Accounts that decide about people and have no second factor."),
        "key",
        may_administer,
        100,
    ),
    HomeCard(
        "access_requests",
        _("Requests of other territories to see a file of mine."),
        "lock",
        may_answer_requests,
        50,
    ),
    HomeCard("jobs", _("Jobs that failed for good."), "warn", may_look_after_jobs, 500),
    HomeCard(
        "review",
        _("Rows that look alike and need a human eye."),
        "compare",
        _decides_pairs,
        5,
    ),
    HomeCard(
        "anomalies",
        _("What the nightly search found in files, families, enrolments, money and care."),
        "warn",
        may_see_anomalies,
        3,
    ),
    HomeCard(
        "payment_notes",
        _("Receipts whose money has not come yet."),
        "list",
        _recovers,
        5,
    ),
    HomeCard("arrears", _("People who owe something that is overdue."), "coins", _recovers, 1),
    HomeCard(
        "stalled",
        _("People who have not moved on, why, and the next step."),
        "people",
        _follows_up,
        1,
    ),
)


@dataclass(frozen=True)
class CardShown:
    """A card with what waits; its title is the name of the page that ends it."""

    title: str | Promise
    href: str
    card: HomeCard
    waiting: Waiting


def cards_for(
    actor: Actor, items: list[NavItem], waiting: dict[str, Waiting]
) -> tuple[list[CardShown], list[CardShown]]:
    """What waits, the most pressing first; and where nothing does."""
    labels = {item.url_name: item.label for item in items}
    shown = [
        CardShown(labels[card.key], find_address(card.key) or "/", card, waiting[card.key])
        for card in CARDS
        if card.key in labels and card.key in waiting and card.may(actor)
    ]
    shown.sort(key=lambda one: -one.waiting.number * one.card.urgency)
    return [one for one in shown if one.waiting.number], [
        one for one in shown if not one.waiting.number
    ]
