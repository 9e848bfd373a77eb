"""A pair of rows side by side: line by line, what is the same and what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.lists.queries import PairShown, RowOfPerson
from qafila.lists.reviewing.own_decisions import PairDecided, Undoing
from qafila.web.design.components import Compared, Comparison, Kind, Link, Tag
from qafila.web.lists.words import source_word
from qafila.web.people.list_rows import row_name, row_place
from qafila.web.people.presenter import birth_text, phone_text
from qafila.web.review.evidence import EvidenceShown, evidence_shown

Verdict = Literal["same", "differs", ""]
_SAME = Tag(gettext_lazy("Same person"), "ok", "ok")
_TWO = Tag(gettext_lazy("Two people"), "info", "people")


@dataclass(frozen=True)
class PairPage:
    """The pair as the queue shows it."""

    id: int
    comparison: Comparison
    evidence: EvidenceShown
    probability: float
    files: tuple[int, int] | None = None


def _birth(one: RowOfPerson) -> str:
    return birth_text(one.row.birth_date, one.row.birth_precision)


def _numbers(one: RowOfPerson) -> str:
    row = one.row
    told = (row.fund_number, row.register_number, row.tax_number, row.ae_number)
    return " · ".join(number for number in told if number)


def _sex(one: RowOfPerson) -> str:
    return {"F": _("Woman"), "M": _("Man")}.get(one.row.sex, "")


# Label, value, kind, and the comparisons whose evidence judges the line.
_LINES: tuple[tuple[str | Promise, Callable[[RowOfPerson], Any], Kind, tuple[str, ...]], ...] = (
    (pgettext_lazy("column", "Name"), row_name, "text", ("family", "given")),
    (
        pgettext_lazy("column", "Card number (CIN)"),
        lambda one: one.row.card_number,
        "identifier",
        ("card",),
    ),
    (pgettext_lazy("column", "Date of birth"), _birth, "text", ("birth",)),
    (pgettext_lazy("column", "Sex"), _sex, "text", ("sex",)),
    (
        pgettext_lazy("column", "Phone"),
        lambda one: phone_text(one.row.phone),
        "identifier",
        ("phone",),
    ),
    (
        pgettext_lazy("column", "Commune or town"),
        lambda one: one.row.place_text,
        "text",
        ("commune", "province", "place"),
    ),
    (pgettext_lazy("column", "Trade"), lambda one: one.row.trade_text, "text", ("craft",)),
    (gettext_lazy("Numbers"), _numbers, "identifier", ("own",)),
    (pgettext_lazy("column", "Notes"), lambda one: one.row.notes, "text", ()),
)


def pair_page(pair: PairShown) -> PairPage:
    """Two cards side by side with the differences marked and the evidence in words."""
    codes = [piece["code"] for piece in pair.evidence]
    lines = [
        line
        for label, value, kind, judged_by in _LINES
        if (line := _line(label, value(pair.left), value(pair.right), kind, judged_by, codes))
    ]
    comparison = Comparison(
        _("Same person or not?"),
        row_name(pair.left) or source_word(pair.left.source),
        row_name(pair.right) or source_word(pair.right.source),
        [*sorted(lines, key=_differing_first), _place_line(pair), _file_line(pair)],
    )
    left, right = pair.left.row.person_id, pair.right.row.person_id
    two = (min(left, right), max(left, right)) if left and right and left != right else None
    return PairPage(pair.id, comparison, evidence_shown(pair.evidence), pair.probability, two)


def _differing_first(line: Compared) -> int:
    """What differs comes first, then what only one list knows, then what is the same."""
    return ("differs", "", "same").index(line.verdict)


def _line(
    label: str | Promise,
    left: Any,
    right: Any,
    kind: Kind,
    judged_by: tuple[str, ...],
    codes: list[str],
) -> Compared | None:
    if not left and not right:
        return None
    return Compared(label, left, right, _verdict(left, right, judged_by, codes), kind)


def _verdict(left: Any, right: Any, judged_by: tuple[str, ...], codes: list[str]) -> Verdict:
    """As the evidence says, where there is some; else by the letters."""
    if not left or not right:
        return ""
    about = [code for code in codes if code.partition("_")[0] in judged_by]
    if about:
        same = all("_same" in code and not code.endswith("_other_day") for code in about)
        return "same" if same else "differs"
    return "same" if left == right else "differs"


def _place_line(pair: PairShown) -> Compared:
    return Compared(_("Row"), row_place(pair.left), row_place(pair.right), kind="place")


def _file_line(pair: PairShown) -> Compared:
    return Compared(pgettext("person", "File"), _file(pair.left), _file(pair.right), "", "link")


def _file(one: RowOfPerson) -> Link | None:
    person_id = one.row.person_id
    return Link(_("Open the file"), reverse("person", args=[person_id])) if person_id else None


_UNDOING: dict[Undoing, str | Promise] = {
    "two_files": gettext_lazy("Undoing makes two files of it again, as they were."),
    "one_file": gettext_lazy("Undoing makes one file of both again, as it was."),
    "asked_again": gettext_lazy("Undoing asks the pair again; no file changes."),
}


@dataclass(frozen=True)
class DecisionShown:
    """One decision of one's own, and what taking it back will do."""

    id: int
    names: tuple[str, str]
    lists: tuple[str, str]
    said: Tag
    at: dt.datetime
    undoing: str | Promise


def decisions_shown(decided: list[PairDecided]) -> list[DecisionShown]:
    """The decisions with the names of both rows and their lists."""
    return [
        DecisionShown(
            one.pair.id,
            (row_name(one.pair.left), row_name(one.pair.right)),
            (source_word(one.pair.left.source), source_word(one.pair.right.source)),
            _SAME if one.pair.state == "same" else _TWO,
            one.at,
            _UNDOING[one.undoing],
        )
        for one in decided
    ]


def headings() -> list[str]:
    """The columns of the queue as a file: the pair's number and chance, both rows, the evidence."""
    told = [str(label) for label, *_rest in _LINES]
    sides = [f"{label} ({side})" for side in ("1", "2") for label in (_("Row"), *told)]
    return [
        pgettext("column", "Pair"),
        pgettext("column", "Chance"),
        *sides,
        _("Evidence for one person"),
        _("Evidence against"),
    ]


def line_of(pair: PairShown) -> list[str]:
    """One pair as a line of that file."""
    shown = evidence_shown(pair.evidence)
    sides = [
        _plain([text])
        for one in (pair.left, pair.right)
        for text in (row_place(one).text, *(str(value(one) or "") for _l, value, *_rest in _LINES))
    ]
    reasons = [_plain(pieces) for pieces in (shown.speaks_for, [*shown.against, *shown.besides])]
    return [str(pair.id), f"{pair.probability:.3f}", *sides, *reasons]


def _plain(sentences: list[str]) -> str:
    """Sentences in one cell, without the marks that keep directions apart on a page."""
    return " ".join(sentences).replace("\u2068", "").replace("\u2069", "")
