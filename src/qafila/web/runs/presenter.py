"""The runs of months as tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from qafila.contributions.calls.dry_runs import DryRun
from qafila.contributions.calls.month_ahead import MonthAhead
from qafila.contributions.calls.month_runs.run_progress import (
    Parked,
    RunStarted,
    RunWatched,
)
from qafila.contributions.calls.queries import CategoryDifferences, ChangedCall
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation import clock
from qafila.foundation.clock import day_of
from qafila.web.design.components import TAGS, Column, Progress, Row, Stat, Table, Tag
from qafila.web.design.figures import day_text, money_text, month_text, number_text
from qafila.web.people.presenter import names_in_order
from qafila.web.person_money.presenter import signed_money
from qafila_law.money import dirhams

MOVEMENTS = {
    "waiting": Tag(pgettext_lazy("run", "Waits for its turn"), "info", "waiting"),
    "moving": Tag(pgettext_lazy("run", "Under way"), "info", "waiting"),
    "stopped": Tag(pgettext_lazy("run", "Stopped half-way"), "bad", "pause"),
    "posted": Tag(pgettext_lazy("run", "Called"), "ok", "ok"),
    "reversing": Tag(pgettext_lazy("run", "Being counter-posted"), "warn", "waiting"),
    "reversed": Tag(pgettext_lazy("run", "Counter-posted"), "none", "none"),
}
CHANGES = {
    "same": pgettext_lazy("run", "Same amount"),
    "new": pgettext_lazy("run", "New"),
    "gone": pgettext_lazy("run", "Gone"),
    "raised": pgettext_lazy("run", "Raised"),
    "lowered": pgettext_lazy("run", "Lowered"),
}
_BEGUN = Tag(pgettext_lazy("run", "Begun"), "warn", "waiting")
_REFUSALS = {
    "missing_fact": pgettext_lazy("run", "A fact of the category is missing."),
    "unknown_regime": pgettext_lazy("run", "The tax regime is not known."),
    "unknown_category": pgettext_lazy("run", "The category is not known to the law."),
    "no_rule_yet": pgettext_lazy("run", "The law has no rule for this month yet."),
}
_OTHER_REFUSAL = pgettext_lazy("run", "A fact contradicts the category.")


def runs_table(runs: Iterable[RunStarted]) -> Table:
    """Every month that was run, the latest first; each leads to its page."""
    columns = [
        Column("month", pgettext("money", "Month")),
        Column("state", _("State"), "tag"),
        Column("calls", pgettext("money", "Calls"), "number"),
        Column("total", pgettext("money", "Total"), "money"),
        Column("parked", pgettext("money", "Parked"), "number"),
        Column("by", _("Started by")),
    ]
    rows = [
        Row(
            {
                "month": month_text(run.month),
                "state": MOVEMENTS.get(run.state, _BEGUN),
                "calls": run.calls if run.state == "posted" else None,
                "total": run.total_centimes if run.state == "posted" else None,
                "parked": run.parked if run.state == "posted" else None,
                # In one column: seven would not find room beside the form.
                "by": f"{run.started_by} · {day_text(day_of(run.started_at))}",
            },
            href=reverse("run", args=[f"{run.month:%Y-%m}"]),
        )
        for run in runs
    ]
    return Table(_("Months called"), columns, rows, empty=_("No month was called yet."))


def ahead_bar(dry: DryRun) -> Progress | None:
    """How many ranges of people are assessed, while it is under way or stopped."""
    if dry.state == "waiting":
        note = _("A worker takes it up as soon as one is free.")
        return Progress(_("Parts assessed"), 0, None, note)
    if dry.state == "moving":
        lasted = clock.now() - dry.asked_at
        return Progress(_("Parts assessed"), dry.parts_done, dry.parts, "", lasted)
    if dry.state == "stopped":
        note = _("Stopped: the computation ended before it was complete.")
        return Progress(_("Parts assessed"), dry.parts_done, dry.parts or 1, note)
    return None


def ahead_stats(ahead: MonthAhead) -> list[Stat]:
    """What the run would post, and against the month before."""
    told = ahead.differences
    change = told.total_now - told.total_before
    return [
        Stat(pgettext("money", "Calls"), number_text(ahead.calls)),
        Stat(
            pgettext("money", "Total"),
            money_text(ahead.total_centimes),
            _("%(change)s against the month before") % {"change": signed_money(change)},
        ),
        Stat(
            _("Would be parked"),
            number_text(ahead.parked),
            _("a fact is missing") if ahead.parked else "",
        ),
        Stat(pgettext("money", "New"), number_text(told.new), _("not called last month")),
        Stat(pgettext("money", "Gone"), number_text(told.gone), _("called last month only")),
        Stat(
            _("Amount changed"),
            number_text(told.raised + told.lowered),
            _("%(raised)s raised, %(lowered)s lowered")
            % {"raised": number_text(told.raised), "lowered": number_text(told.lowered)},
        ),
    ]


def categories_table(ahead: MonthAhead) -> Table:
    """Amounts by category, beside those of the month before."""
    columns = [
        Column("category", pgettext("money", "Category")),
        Column("calls", pgettext("money", "Calls"), "number"),
        Column("centimes", pgettext("money", "Total"), "money"),
        Column("calls_before", _("Calls the month before"), "number"),
        Column("before", _("Total the month before"), "money"),
    ]
    rows = [
        Row(
            {
                "category": category_word(one.category),
                "calls": one.calls,
                "centimes": one.centimes,
                "calls_before": one.calls_before,
                "before": one.centimes_before,
            }
        )
        for one in ahead.categories
    ]
    return Table(_("By category"), columns, rows, empty=_("Nobody owes anything for this month."))


def category_word(code: str) -> str:
    """A category as the screen calls it."""
    return str(CATEGORY_LABELS.get(code, code))


def run_stats(run: RunWatched) -> list[Stat]:
    """What a posted run called."""
    return [
        Stat(pgettext("money", "Calls"), number_text(run.calls)),
        Stat(pgettext("money", "Total"), money_text(run.total_centimes)),
        Stat(
            pgettext("money", "Parked"),
            number_text(run.parked),
            _("a fact is missing") if run.parked else "",
        ),
    ]


def run_bar(run: RunWatched) -> Progress | None:
    """How many of its parts are posted, each whole or not at all; None once it is posted."""
    if run.movement in ("posted", "reversing", "reversed"):
        return None
    notes = {
        "waiting": _("A worker takes it up as soon as one is free."),
        "stopped": _("Stopped: the run ended before it was complete."),
    }
    lasted = clock.now() - run.started_at if run.movement == "moving" else None
    note = notes.get(run.movement, "")
    return Progress(_("Parts posted"), run.parts_posted, run.parts, note, lasted)


def differences_table(found: Iterable[CategoryDifferences]) -> Table:
    """By category what is new, gone, raised, lowered or the same, with the sums of both months."""
    columns = [
        Column("category", pgettext("money", "Category")),
        Column("change", pgettext("money", "Change")),
        Column("calls", pgettext("money", "Calls"), "number"),
        Column("now", pgettext("money", "This month"), "money"),
        Column("before", pgettext("money", "The month before"), "money"),
    ]
    rows = [
        Row(
            {
                "category": category_word(one.category),
                "change": CHANGES[one.change],
                "calls": one.calls,
                "now": one.centimes_now,
                "before": one.centimes_before,
            }
        )
        for one in found
    ]
    return Table(_("By category and change"), columns, rows, empty=_("Nothing was called."))


def changed_rows(calls: Iterable[ChangedCall]) -> Iterator[list[Any]]:
    """The enrolments whose call differs as rows of a file; sums in dirhams."""
    for one in calls:
        yield [
            one.person_id,
            names_in_order(one.name_ar, one.name_latn)[0],
            category_word(one.category),
            str(CHANGES[one.change]),
            dirhams(one.centimes_now),
            dirhams(one.centimes_before),
        ]


def parked_table(parked: Iterable[Parked]) -> Table:
    """Who was not called and why; each name leads to the file."""
    columns = [
        Column("name", pgettext("money", "Person")),
        Column("category", pgettext("money", "Category")),
        Column("why", pgettext("money", "Why")),
        Column("state", _("State"), "tag"),
    ]
    rows = [
        Row(
            {
                "name": names_in_order(one.name_ar, one.name_latn)[0],
                "category": category_word(one.category),
                "why": refusal_sentence(one.refusal),
                "state": TAGS["review"] if one.open else TAGS["done"],
            },
            href=reverse("person", args=[one.person_id]),
        )
        for one in parked
    ]
    return Table(pgettext("money", "Parked"), columns, rows, empty=_("Everyone due was called."))


def refusal_sentence(code: str) -> str:
    """Why the law gave no amount."""
    return str(_REFUSALS.get(code, _OTHER_REFUSAL))
