"""Why a person is not covered yet, and the next step: one ordered table, all of it here.

The first reason whose condition holds is the person's reason. A condition is written over the facts
that `standings.py` gathers for each person; the sentence says what is missing in plain words, the
next step what to do, who does it and where.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

COVERED = "covered"
DECEASED = "deceased"


class Urgency(enum.StrEnum):
    """How the person is marked: held up by somebody, on the way, at rest (died), or none."""

    HELD_UP = "held_up"
    ON_THE_WAY = "on_the_way"
    AT_REST = "at_rest"
    NONE = "none"


class Remedy(enum.StrEnum):
    """Where the next step is taken; a shell knows the page, and offers it to those who may."""

    CORRECT = "correct"
    APPLY = "apply"
    DECIDE = "decide"
    FAMILY = "family"
    RIGHTS = "rights"
    PAY = "pay"
    DECLARE = "declare"
    CONFIRM = "confirm"
    STRIKE_OFF = "strike_off"


@dataclass(frozen=True)
class Reason:
    """A reason: `when` is SQL over the person's facts, the rest is for people.

    `label` heads a column or a filter, `sentence` may hold %(months)d and %(amount)s. `station`:
    the step that is held up ('' none). `remedy`: none where nothing is done here. `closed`: nothing
    is left to do, nobody follows these people up.
    """

    code: str
    when: str
    label: Promise
    sentence: Promise
    next_step: str
    next_sentence: Promise
    station: str = ""
    urgency: Urgency = Urgency.ON_THE_WAY
    remedy: Remedy | None = None
    closed: bool = False


_AT_FUND = "enrolment_state IN ('declared', 'enrolled')"
_NOT_AT_FUND = f"NOT coalesce({_AT_FUND}, false)"
_NOT_REGISTERED = f"entries = 0 AND {_NOT_AT_FUND}"
_INCOMPLETE = f"{_NOT_REGISTERED} AND application_state = 'incomplete'"
_ENROLLED = "coalesce(enrolment_state = 'enrolled', false)"

REASONS: tuple[Reason, ...] = (
    # After a death only the family's own cover is followed up, for as long as the law lets it run.
    Reason(
        "deceased_family_covered",
        "died AND family_covered",
        _("Died, the family still covered"),
        _("The person has died. The family stays covered for some months more."),
        "prepare_family_cover",
        _(
            "The counter informs the family of the last day of cover, and how each can be insured"
            " afterwards."
        ),
        urgency=Urgency.AT_REST,
        remedy=Remedy.RIGHTS,
    ),
    Reason(
        DECEASED,
        "died",
        _("Died"),
        _("The person has died. The file is closed: no action is required."),
        "file_closed",
        _("Nothing is left to do. If this is an error, cancel the death on the family's page."),
        urgency=Urgency.AT_REST,
        closed=True,
    ),
    Reason(
        "fund_number_conflict",
        f"{_NOT_AT_FUND} AND fund_numbers > 0 AND enrolment_state IS NULL",
        _("Fund number of two people"),
        _("The fund's list gives this person a number that someone else already holds."),
        "ask_fund_about_number",
        _("The fund liaison asks the fund agency which of the two people holds the number."),
        station="enrolled",
        urgency=Urgency.HELD_UP,
    ),
    Reason(
        "refused",
        f"{_NOT_REGISTERED} AND application_state = 'refused'",
        _("Application refused"),
        _("The application to enter the register was refused."),
        "explain_refusal",
        _("The chamber explains the refusal; the person can appeal or apply again there."),
        station="registered",
        urgency=Urgency.HELD_UP,
        remedy=Remedy.APPLY,
    ),
    Reason(
        "application_waiting",
        f"{_NOT_REGISTERED} AND application_state = 'submitted'",
        _("Application waiting"),
        _("The application is complete and waits for the chamber's decision."),
        "decide_application",
        _("The chamber of crafts decides the application."),
        station="registered",
        remedy=Remedy.DECIDE,
    ),
    Reason(
        "register_number_conflict",
        f"{_INCOMPLETE} AND 'register_number_conflict' = ANY(application_missing)",
        _("Register number of two people"),
        _("The register's list gives this person a number that someone else already holds."),
        "settle_register_number",
        _("The chamber of crafts finds out who holds the number and completes the application."),
        station="registered",
        remedy=Remedy.APPLY,
    ),
    Reason(
        "no_card_number",
        f"card_number = '' AND {_NOT_AT_FUND}",
        _("No card number"),
        _("The national identity card number is missing."),
        "add_card_number",
        _("The person shows the card at the chamber or to a field agent, who writes the number."),
        station="registered",
        remedy=Remedy.CORRECT,
    ),
    Reason(
        "no_birth_date",
        f"birth_date IS NULL AND {_NOT_REGISTERED}",
        _("No date of birth"),
        _("The date of birth is missing."),
        "add_birth_date",
        _("The person shows the card at the chamber or to a field agent, who writes the date."),
        station="registered",
        remedy=Remedy.CORRECT,
    ),
    Reason(
        "place_unknown",
        f"province_code = '' AND {_NOT_REGISTERED}",
        _("Place unknown"),
        _("Nobody knows in which commune the person lives and works."),
        "find_place",
        _("The directorate calls the person and writes the commune."),
        station="registered",
        remedy=Remedy.CORRECT,
    ),
    Reason(
        "trade_unknown",
        f"{_INCOMPLETE} AND trade_id IS NULL",
        _("Trade unknown"),
        _("The trade is missing, or written with a word that is not in the list of trades."),
        "choose_trade",
        _("The chamber asks the person about the trade and chooses it in the list."),
        station="registered",
        remedy=Remedy.APPLY,
    ),
    Reason(
        "application_incomplete",
        _INCOMPLETE,
        _("Application incomplete"),
        _("The application to enter the register was begun but not submitted."),
        "complete_application",
        _("The person completes the application at the chamber or with a field agent."),
        station="registered",
        remedy=Remedy.APPLY,
    ),
    Reason(
        "struck_off_register",
        f"{_NOT_REGISTERED} AND struck_off_entries > 0",
        _("Struck off the register"),
        _("The person's entry in the register was struck off."),
        "apply_again",
        _("If the person works again, the chamber opens a new application."),
        station="registered",
        remedy=Remedy.APPLY,
    ),
    Reason(
        "not_registered",
        _NOT_REGISTERED,
        _("Not in the register"),
        _("The person is not in the register and no application was opened."),
        "open_application",
        _("The chamber or a field agent opens an application with the person."),
        station="registered",
        remedy=Remedy.APPLY,
    ),
    Reason(
        "enrolment_closed",
        f"{_NOT_AT_FUND} AND enrolment_state = 'closed'",
        _("Enrolment closed"),
        _("The enrolment at the fund was closed."),
        "declare_again",
        _("If the person works again, the chamber declares them to the fund again."),
        station="enrolled",
        remedy=Remedy.DECLARE,
    ),
    Reason(
        "auto_entrepreneur_struck_off",
        f"{_NOT_AT_FUND} AND struck_off_only",
        _("Auto-entrepreneur struck off"),
        _("The person was struck off as auto-entrepreneur, and no list shows another activity."),
        "ask_about_activity",
        _("The chamber asks what the person does today and declares them if they work."),
        station="enrolled",
        remedy=Remedy.DECLARE,
    ),
    Reason(
        "not_declared_at_fund",
        _NOT_AT_FUND,
        _("Not declared to the fund"),
        _("The person is in the register but was not declared to the fund."),
        "declare_at_fund",
        _("The chamber declares the person to the fund with the next list."),
        station="enrolled",
        remedy=Remedy.DECLARE,
    ),
    Reason(
        "registered_twice",
        f"entries > 1 AND (NOT {_ENROLLED} OR rights = 'open')",
        _("In the register twice"),
        _("The person is in the register under two numbers."),
        "strike_off_second_entry",
        _("The chamber keeps one entry and strikes the other off."),
        station="registered",
        remedy=Remedy.STRIKE_OFF,
    ),
    Reason(
        "waiting_for_fund_number",
        f"NOT {_ENROLLED}",
        _("Waiting for the fund number"),
        _("The person was declared; the fund has not given a number yet."),
        "chase_fund_number",
        _("The fund liaison asks the fund agency for the number."),
        station="enrolled",
        remedy=Remedy.CONFIRM,
    ),
    Reason(
        "contributions_unpaid",
        "rights <> 'open' AND months_overdue > 0",
        _("Contributions unpaid"),
        ngettext_lazy(
            "%(months)d month is unpaid: %(amount)s dirhams.",
            "%(months)d months are unpaid: %(amount)s dirhams.",
            "months",
        ),
        "pay_contributions",
        _("The person pays at a relay point or the fund agency, or asks there to pay in parts."),
        station="paying",
        urgency=Urgency.HELD_UP,
        remedy=Remedy.PAY,
    ),
    Reason(
        "waiting_period",
        "rights = 'waiting' AND rights_reason <> 'first_payment_awaited'",
        _("Waiting period"),
        _("Rights open when the waiting period ends, if the contributions are paid."),
        "wait_for_rights",
        _("Nothing to do but to keep paying each month."),
        station="rights_open",
    ),
    Reason(
        "first_payment_awaited",
        "rights <> 'open' AND (calls > 0 OR rights_reason = 'first_payment_awaited')",
        _("First payment awaited"),
        _("The contribution was called and is not paid yet."),
        "pay_first_contribution",
        _("The person pays at a relay point or at the fund agency before the due day."),
        station="paying",
        remedy=Remedy.PAY,
    ),
    Reason(
        "not_called_yet",
        "rights <> 'open'",
        _("Nothing called yet"),
        _("The person is enrolled; no contribution was called yet."),
        "wait_for_call",
        _("The fund calls the contribution with the month's run."),
        station="paying",
    ),
    Reason(
        "family_not_declared",
        "mentioned_dependants > 0",
        _("Family not declared"),
        _("The person is covered, but a spouse or child is known and not declared."),
        "declare_family",
        _("The person brings the family's papers to the fund agency or a field agent."),
        station="family_declared",
        remedy=Remedy.FAMILY,
    ),
    Reason(
        "enrolled_twice",
        "fund_numbers > 1",
        _("Two fund numbers"),
        _("The person is covered, but the fund's list gives them two numbers."),
        "close_second_number",
        _("The fund liaison asks the fund agency to close the second number."),
        station="enrolled",
        remedy=Remedy.CONFIRM,
    ),
    Reason(
        "family_unknown",
        "NOT family_declared",
        _("Family not asked about"),
        _("The person is covered. Nobody has asked yet about a spouse or children."),
        "ask_about_family",
        _("Ask whether the person has a spouse or children: declare them, or note there are none."),
        station="family_declared",
        remedy=Remedy.FAMILY,
    ),
    Reason(
        COVERED,
        "true",
        _("Covered"),
        _("The person is covered. Nothing is left to do."),
        "nothing",
        _("Keep paying each month."),
        urgency=Urgency.NONE,
        closed=True,
    ),
)

BY_CODE: Mapping[str, Reason] = {reason.code: reason for reason in REASONS}

CLOSED = frozenset(reason.code for reason in REASONS if reason.closed)
"""Reasons with which nothing is left to do."""


def urgency_of(code: str) -> Urgency:
    """How urgent the reason `code` is; on the way while none was worked out."""
    return BY_CODE[code].urgency if code in BY_CODE else Urgency.ON_THE_WAY


def reason_sentence(code: str, *, months: int = 0, overdue_centimes: int = 0) -> str:
    """What is missing, in the language in force; the amount is told in dirhams."""
    # In all three languages thousands are parted by a space that does not break, as on pages.
    amount = format_decimal(Decimal(overdue_centimes) / 100, "#,##0.00", locale="fr_MA")
    amount = amount.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
    sentence: Any = BY_CODE[code].sentence  # a lazy sentence, singular or plural by months
    return str(sentence % {"months": months, "amount": amount})


def next_step_sentence(code: str) -> str:
    """What to do next about the reason `code`, who does it, and where."""
    return str(BY_CODE[code].next_sentence)


def choice_of(part: str) -> str:
    """SQL that chooses `part` ('code' or 'next_step') of the first reason that holds."""
    cases = " ".join(f"WHEN {one.when} THEN '{getattr(one, part)}'" for one in REASONS)
    return f"CASE {cases} END"
