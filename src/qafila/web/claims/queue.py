"""The claims that wait as a list, by what they wait for, the oldest care first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.care.claims.claim_pages import WAITING, ClaimRow, claims_waiting
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.web.claims.presenter import STATES
from qafila.web.design.record_list import Choice, Filter, PersonName, Record, RecordColumn
from qafila.web.records.listing import Listing

LISTING = Listing(
    "claims",
    _("Claims for care"),
    (
        RecordColumn("person", pgettext_lazy("money", "Person"), "person"),
        RecordColumn("act", pgettext_lazy("claim", "Care")),
        RecordColumn("on", pgettext_lazy("claim", "Date of care"), "day"),
        RecordColumn("patient", pgettext_lazy("claim", "Patient")),
        RecordColumn("sum", pgettext_lazy("claim", "Paid by the person"), "money"),
        RecordColumn("left", pgettext_lazy("claim", "Time left")),
    ),
    empty=_("No claim waits here"),
)


def state_filter(counts: Mapping[str, int]) -> Filter:
    """The states in which somebody has to do something, each with its count."""
    choices = [Choice(one, STATES[one].word, counts[one]) for one in WAITING]
    label = _("What claims wait for")
    return Filter("state", label, choices, shown_as="chips", always=True)


class Waiting:
    """The claims in one state as the source of the list."""

    def __init__(self, state: str, scope: Scope) -> None:
        self.state, self.scope = state, scope
        self.next = 0

    def read(self, after: str, count: int) -> list[ClaimRow]:
        """The claims that come next; a place is how many came before."""
        first = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
        found = claims_waiting(
            scope=self.scope, state=self.state, today=clock.today(), first=first, limit=count
        )
        self.numbers = {one.line.claim_id: first + n for n, one in enumerate(found, 1)}
        return found

    def show(self, found: Sequence[ClaimRow]) -> list[Record]:
        """The claims as records."""
        return [_row(one) for one in found]

    def place(self, one: ClaimRow) -> str:
        """How many claims come before the next one."""
        return str(self.numbers[one.line.claim_id])


def _row(one: ClaimRow) -> Record:
    line = one.line
    person = reverse("person", args=[one.insured_id])
    return Record(
        {
            "person": PersonName(one.insured_name, one.other_name, person, one.insured_id),
            "act": line.act_name,
            "on": line.care_on,
            "patient": "" if line.patient_name == line.insured_name else line.patient_name,
            "sum": line.paid_by_person_centimes,
            "left": one.time_left.sentence if one.time_left else "",
        },
        hrefs={"act": reverse("claim", args=[line.claim_id])},
    )
