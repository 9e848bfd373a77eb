"""What a person owes and has paid, and where the rights stand, in tables and sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.contributions.access import may_ask_relief, may_decide_money, may_note, may_post
from qafila.contributions.account.account_statement import shortly
from qafila.contributions.account.dues import Dues, due_lines, dues_of
from qafila.contributions.account.queries import Statement, StatementLine
from qafila.contributions.arrears.lateness import Lateness
from qafila.contributions.arrears.plan_queries import Plan
from qafila.contributions.corrections.queries import YearTold, year_sentence
from qafila.foundation.actors import Actor, Where
from qafila.institutions.access import everyone
from qafila.people.access import may_issue_links
from qafila.rights.queries import IfPaidToday, Rights
from qafila.web.design.components import (
    TAGS,
    Column,
    Explained,
    Link,
    Row,
    Stat,
    Table,
    Tag,
    Tone,
)
from qafila.web.design.figures import day_text, money_text, month_text
from qafila.web.site.territory import language
from qafila_law import Step
from qafila_law.wording.references import reference_in
from qafila_law.wording.sentences import explain

MOST_LINES = 60
_KINDS = {
    "call": pgettext_lazy("statement", "Contribution called"),
    "year": pgettext_lazy("statement", "Contribution of a year, at once"),
    "balance": pgettext_lazy("statement", "Balance of the year"),
    "opening": pgettext_lazy("statement", "Arrears reported by the fund"),
    "adjustment": pgettext_lazy("statement", "Adjustment"),
    "payment": pgettext_lazy("statement", "Payment"),
    "reversal": pgettext_lazy("statement", "Payment reversed"),
    "correction": pgettext_lazy("statement", "Correction"),
    "relief": pgettext_lazy("statement", "Relief (law 41-23)"),
    "refund": pgettext_lazy("statement", "Credit given back"),
    "refund_returned": pgettext_lazy("statement", "Refund come back"),
}
_LATENESS_NOTES = {
    (True, False): gettext_lazy("An estimate if all is paid today; the fund decides."),
    (False, True): gettext_lazy("An estimate if all is paid today; the tax office decides."),
    (True, True): gettext_lazy(
        "An estimate if all is paid today; the fund and the tax office decide."
    ),
}


_DUE_TONES: dict[str, Tone] = {"late": "bad", "later": "none", "credit": "ok", "nothing": "ok"}


def stats_of(
    statement: Statement, late: Lateness, if_paid: IfPaidToday, *, covered: bool
) -> list[Stat]:
    """What is late, due later and left over, what lateness may add, and what paying brings.

    Lateness is told as an estimate with who decides; it is no part of what is owed. What paying
    would bring is told only where it changes something: rights are not open, and something is late.
    """
    reopens = bool(if_paid.open_from) and not covered
    dues = dues_of(statement, late.on)
    stats = due_stats(dues, reopens=reopens)
    if late.penalty_centimes:
        note = _LATENESS_NOTES[late.fund_centimes > 0, late.tax_centimes > 0]
        stats.append(Stat(_("Lateness may add"), money_text(late.penalty_centimes), str(note)))
    if dues.late_centimes and if_paid.open_from and reopens:
        text = _("If what is late is paid today")
        stats.append(Stat(_("Rights open from"), day_text(if_paid.open_from), text))
    return stats


def due_stats(dues: Dues, *, reopens: bool = False) -> list[Stat]:
    """What is late, due later and left over, as the head of the file and its money tell it."""
    return [
        Stat(line.label, line.value, line.note, tone=_DUE_TONES[line.kind])
        for line in due_lines(dues, money=money_text, day=day_text, reopens=reopens)
    ]


@dataclass(frozen=True)
class AccountLine:
    """A line of the account: what, how its amount came about, and what is owed after it."""

    day: dt.date
    what: str
    how: str
    amount: str
    balance: int
    receipt: str


def account_lines(statement: Statement) -> list[AccountLine]:
    """The account, newest line first; what is owed after each line, and how calls were assessed."""
    newest_first = list(reversed(statement.lines))[:MOST_LINES]
    return [
        AccountLine(
            line.day,
            _what(line),
            _how(line),
            signed_money(line.amount_centimes),
            line.balance_centimes,
            reverse("payment", args=[line.payment_id]) if line.payment_id else "",
        )
        for line in newest_first
    ]


def _how(line: StatementLine) -> str:
    told = [shortly(line.steps, language())]
    if line.year:
        told.append(year_sentence(line.year, money_text))
    if line.due_on:
        told.append(_("to pay by %(day)s") % {"day": day_text(line.due_on)})
    return " · ".join(part for part in told if part)


PLAN_STATES = {
    "running": Tag(pgettext_lazy("plan", "Runs"), "info", "waiting"),
    "kept": Tag(pgettext_lazy("plan", "Kept"), "ok", "ok"),
    "broken": Tag(pgettext_lazy("plan", "Broken"), "bad", "bad"),
    "ended": Tag(pgettext_lazy("plan", "Ended"), "none", "none"),
}
_INSTALMENT_STATES = {
    "kept": TAGS["paid"],
    "missed": Tag(pgettext_lazy("plan", "Missed"), "bad", "bad"),
    "due": Tag(pgettext_lazy("plan", "To come"), "info", "waiting"),
}


def plan_table(plan: Plan) -> Table:
    """The instalments of a plan with their days, amounts and what is left of them."""
    columns = [
        Column("number", pgettext("plan", "Instalment"), "number"),
        Column("due", pgettext("plan", "Due on"), "day"),
        Column("amount", pgettext("plan", "Amount"), "money"),
        Column("left", pgettext("plan", "Left"), "money"),
        Column("state", pgettext("plan", "State"), "tag"),
    ]
    rows = [
        Row(
            {
                "number": one.number,
                "due": one.due_on,
                "amount": one.amount_centimes,
                "left": one.left_centimes,
                "state": _INSTALMENT_STATES[one.state],
            }
        )
        for one in plan.instalments
    ]
    return Table(_("Instalments"), columns, rows)


def signed_money(centimes: int) -> str:
    """An amount with its sign; the minus stays before the figures from right to left too."""
    text = money_text(abs(centimes))
    if centimes >= 0:
        return text
    figures, currency = text.rsplit("\N{NO-BREAK SPACE}", 1)
    return f"\u2066\N{MINUS SIGN}{figures}\u2069\N{NO-BREAK SPACE}{currency}"


def _what(line: StatementLine) -> str:
    kind = str(_KINDS.get(line.kind, line.kind))
    if line.year:
        return f"{kind} · {line.year.year}"
    if line.kind == "year" and line.month:
        return f"{kind} · {line.month.year}"
    if line.month:
        return f"{kind} · {month_text(line.month)}"
    return f"{kind} · {line.reference}" if line.reference else kind


def last_call_explained(statement: Statement) -> tuple[str, list[Explained]]:
    """The month last called and how the law reaches its amount; empty where nothing was called."""
    for line in reversed(statement.lines):
        if line.steps and line.month:
            return month_text(line.month), explained(line.steps)
    return "", []


def explained(steps: tuple[Step, ...]) -> list[Explained]:
    """The law's steps in the reader's language, each with its text."""
    sentences = explain(steps, language())
    return [
        Explained(sentence, (step.reference and reference_in(step.reference, language())) or "")
        for sentence, step in zip(sentences, steps, strict=True)
    ]


def last_year_explained(years: tuple[YearTold, ...]) -> tuple[str, list[Explained]]:
    """The year settled last and how its balance is reached; empty where none was."""
    if not years:
        return "", []
    last = years[-1]
    told = Explained(year_sentence(last, money_text), "")
    return str(last.year), [*explained(last.steps), told]


def rights_sentence(rights: Rights) -> str:
    """Where the rights stand and why, as staff read it."""
    return rights.why_to_staff


def money_actions(
    statement: Statement, plan: Plan | None, actor: Actor, province: Where
) -> list[Link]:
    """What this actor can do about the money of the person, as links to forms."""
    person = statement.person_id
    runs = plan is not None and plan.state in ("running", "broken") and plan.ended_on is None
    offered = (
        (_("Record a payment"), "person_payment", may_post, True),
        (_("Record a receipt"), "person_note", may_note, True),
        (
            _("Give credit back"),
            "person_refund",
            may_post,
            statement.unallocated_centimes > 0,
        ),
        (
            _("Agree instalments"),
            "person_plan",
            may_decide_money,
            bool(statement.open_calls) and not runs,
        ),
        (_("End the plan"), "end_plan", may_decide_money, runs),
        (
            _("Relief of arrears (law 41-23)"),
            "person_relief",
            may_ask_relief,
            statement.has_months_of_relief,
        ),
        (
            _("Years paid with the tax"),
            "person_years",
            everyone,
            statement.pays_with_tax or not statement.lines,
        ),
        (_("Personal link"), "person_link", may_issue_links, True),
    )
    return [
        Link(label, reverse(name, args=[person]))
        for label, name, may, possible in offered
        if possible and may(actor, province)
    ]
