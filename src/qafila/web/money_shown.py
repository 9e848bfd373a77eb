"""What a person owes and has paid, and where the rights stand, in tables and sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qafila.contributions.queries import Statement, StatementLine
from qafila.rights.queries import IfPaidToday, Rights
from qafila.web.components import Column, Explained, Row, Stat, Table
from qafila.web.figures import day_text, money_text, month_text
from qafila.web.territory import language
from qafila_law import Step
from qafila_law.sentences import explain

MOST_LINES = 60
_KINDS = {
    "call": pgettext_lazy("statement", "Contribution called"),
    "opening": pgettext_lazy("statement", "Arrears reported by the fund"),
    "adjustment": pgettext_lazy("statement", "Adjustment"),
    "payment": pgettext_lazy("statement", "Payment"),
    "reversal": pgettext_lazy("statement", "Payment taken back"),
    "correction": pgettext_lazy("statement", "Correction"),
    "relief": pgettext_lazy("statement", "Relief (law 41-23)"),
}
_OWES_NOTHING = gettext_lazy("Nothing is owed.")


def stats_of(statement: Statement, if_paid: IfPaidToday) -> list[Stat]:
    """What is owed, since when, what is left over, and what paying today would bring."""
    owed = max(statement.owed_centimes, 0)
    since = statement.overdue_from
    note = _("Due since %(day)s") % {"day": day_text(since)} if since else _OWES_NOTHING
    stats = [Stat(_("Owed"), money_text(owed), note if owed else _OWES_NOTHING)]
    if statement.unallocated_centimes:
        stats.append(Stat(_("Paid ahead"), money_text(statement.unallocated_centimes)))
    if owed and if_paid.open_from:
        text = _("If all of it is paid today")
        stats.append(Stat(_("Rights open from"), day_text(if_paid.open_from), text))
    return stats


def statement_table(statement: Statement) -> Table:
    """The account, newest line first; what is owed after each line."""
    columns = [
        Column("day", _("Day"), "day"),
        Column("what", _("What")),
        Column("amount", _("Amount")),
        Column("balance", _("Owed after it"), "money"),
    ]
    newest_first = list(reversed(statement.lines))[:MOST_LINES]
    rows = [
        Row({"day": line.day, "what": _what(line), "amount": signed_money(line.amount_centimes),
             "balance": line.balance_centimes})
        for line in newest_first
    ]  # fmt: skip
    return Table(_("Statement"), columns, rows, empty=_("Nothing was called and nothing was paid."))


def signed_money(centimes: int) -> str:
    """An amount with its sign; the minus stays before the figures from right to left too."""
    text = money_text(abs(centimes))
    if centimes >= 0:
        return text
    figures, currency = text.rsplit("\N{NO-BREAK SPACE}", 1)
    return f"\u2066\N{MINUS SIGN}{figures}\u2069\N{NO-BREAK SPACE}{currency}"


def _what(line: StatementLine) -> str:
    kind = str(_KINDS.get(line.kind, line.kind))
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
        Explained(sentence, step.reference or "")
        for sentence, step in zip(sentences, steps, strict=True)
    ]


def rights_sentence(rights: Rights) -> str:
    """Where the rights stand and why."""
    return rights.why
