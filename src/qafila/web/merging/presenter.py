"""What files hold, side by side, and what meets in the common one, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from qafila.care.access import may_see_claims
from qafila.care.merge_preview import FileHolds, MergePreview
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation.actors import Actor
from qafila.web.design.components import TAGS, Column, Link, Row, Table, Text
from qafila.web.design.figures import day_text, money_text, month_text
from qafila.web.people.presenter import names_in_order


def holds_table(caption: Text, sides: Sequence[tuple[Text, FileHolds]]) -> Table:
    """A line for each thing files hold, a column for each file."""
    columns = [Column("what", pgettext("merge", "What"))]
    columns += [Column(str(n), title) for n, (title, _side) in enumerate(sides)]
    rows = [
        Row({"what": label, **{str(n): tell(side) for n, (_title, side) in enumerate(sides)}})
        for label, tell in _LINES
    ]
    return Table(caption, columns, rows)


def _names(side: FileHolds) -> str:
    return names_in_order(side.name_ar, side.name_latn)[0]


def _enrolments(side: FileHolds) -> str:
    told = []
    for one in side.enrolments:
        words = (
            str(CATEGORY_LABELS.get(one.category, one.category)),
            one.fund_number,
            month_text(one.effective_from),
            _("ended") if one.state == "closed" else "",
            _("waits for a decision") if one.undecided_since else "",
        )
        told.append(" ".join(filter(None, words)))
    return " · ".join(told) or "—"


def _rights(side: FileHolds) -> str:
    told = str(TAGS[side.rights].word)
    if side.covered_until is None:
        return told
    return _("%(rights)s, until %(day)s") % {"rights": told, "day": day_text(side.covered_until)}


def _family(side: FileHolds) -> str:
    return " · ".join(names_in_order(*names)[0] for names in side.members) or "—"


_LINES = (
    (pgettext_lazy("merge", "Name"), _names),
    (pgettext_lazy("merge", "Numbers"), lambda side: " ".join(side.numbers) or "—"),
    (pgettext_lazy("merge", "Enrolments"), _enrolments),
    (pgettext_lazy("merge", "Register"), lambda side: " ".join(side.register_numbers) or "—"),
    (pgettext_lazy("merge", "Rights today"), _rights),
    (pgettext_lazy("merge", "Overdue"), lambda side: money_text(side.overdue_centimes)),
    (pgettext_lazy("merge", "Family declared"), _family),
    (pgettext_lazy("merge", "Claims"), lambda side: str(side.claims)),
)


def notes_on(preview: MergePreview) -> Iterator[Text]:
    """What meets in the common file, and who decides about it."""
    if preview.undecided:
        yield _(
            "Two enrolments meet. The one that gives cover goes on; the other waits until the fund "
            "decides, and nothing is asked for it meanwhile."
        )
        yield _(
            "Who decides: the fund liaison, on the page of the enrolments. Cover that was paid for "
            "stands until then."
        )
    if preview.claims_met:
        yield _("The same care is claimed twice. Before one of them is paid, compare these claims.")
    if preview.declarations_met:
        yield _("Both files declared the same member of the family: one declaration will remain.")
    for label, number in preview.set_by:
        told = {"what": label, "number": number}
        yield _("Both have the same: %(what)s (%(number)s). The other file's are set by.") % told
    yield from preview.family
    yield _("The merge can be undone from the lists of the file, exactly or not at all.")


_UNLIKE = {
    "sex": pgettext_lazy("merge", "sex"),
    "birth_date": pgettext_lazy("merge", "date of birth"),
    "card_number": pgettext_lazy("merge", "card number"),
}


def unlike_told(preview: MergePreview) -> str:
    """What speaks against one person in two files; empty where nothing does."""
    if not preview.unlike:
        return ""
    told = {"what": " · ".join(str(_UNLIKE[name]) for name in preview.unlike)}
    return _("The two files differ: %(what)s. Merge only if the papers show one person.") % told


def claims_that_meet(preview: MergePreview, actor: Actor) -> list[Link]:
    """The claims for one care, in pairs, as links for those who may see care."""
    if not may_see_claims(actor):
        return []
    return [
        Link(_("Claim %(n)s") % {"n": claim}, reverse("claim", args=[claim]))
        for pair in preview.claims_met
        for claim in pair
    ]
