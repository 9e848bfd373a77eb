"""Anomalies as rows below the heading of their kind, with whom to call and the money involved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qafila.contributions.access import may_decide_money
from qafila.contributions.account.receipts import receipt_number
from qafila.contributions.anomalies.actions import ASKED
from qafila.contributions.anomalies.around import Around, MoneyInvolved, around_matters
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.anomalies.queries import Matter, Place, Within, work_items
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of, moment_read
from qafila.places import queries as places
from qafila.web.anomalies.kind_words import KIND_WORDS, kinds_of, remedy_of
from qafila.web.design.components import Link
from qafila.web.design.figures import day_text, money_text, month_text, number_text
from qafila.web.design.record_list import Asked, Choice, Filter, Group, Record, RecordColumn
from qafila.web.people.rows import name_of, phones_of
from qafila.web.records.listing import Listing
from qafila.web.records.place_filter import within as within_place
from qafila.web.site.territory import language

MINE, ALL = "mine", "all"
STATES = {
    "open": pgettext_lazy("anomaly", "To correct"),
    "done": pgettext_lazy("anomaly", "Ended by somebody"),
    "gone": pgettext_lazy("anomaly", "No longer found"),
}
_PERSON = RecordColumn("person", pgettext_lazy("money", "Person"), "person")
_KIND = RecordColumn("kind", pgettext_lazy("anomaly", "Kind"), shown=False)
_PHONES = RecordColumn("phones", gettext_lazy("Phone"), "phones")
_MONEY = RecordColumn("money", pgettext_lazy("anomaly", "Amounts"), "links")
_MONTHS = RecordColumn("months", pgettext_lazy("anomaly", "Months"))
_FOUND = RecordColumn("found", pgettext_lazy("anomaly", "Found on"), "day", sort="found")
_ENDED = RecordColumn("ended", pgettext_lazy("anomaly", "Ended on"), "day", sort="ended")
_BY = RecordColumn("by", pgettext_lazy("anomaly", "Ended by"))
_OUTCOME = RecordColumn("outcome", pgettext_lazy("anomaly", "What was done"))
_ACTS = RecordColumn("acts", pgettext_lazy("anomaly", "To do"), "part", part="anomalies/acts.html")
_COLUMNS = {
    "open": (_PERSON, _KIND, _PHONES, _MONEY, _MONTHS, _FOUND, _ACTS),
    "done": (_PERSON, _KIND, _MONEY, _ENDED, _BY, _OUTCOME, _ACTS),
    "gone": (_PERSON, _KIND, _MONEY, _MONTHS, _FOUND, _ENDED),
}
_EMPTY = {
    "open": gettext_lazy("Nothing was found"),
    "done": gettext_lazy("Nothing was ended"),
    "gone": gettext_lazy("Nothing was ended"),
}
SORTS = {"open": ("kind", "found"), "done": ("kind", "ended"), "gone": ("kind", "found", "ended")}
FIRST_SORT = {"open": "kind", "done": "-ended", "gone": "-ended"}


def listing_of(state: str) -> Listing:
    """The list of the matters in a state."""
    return Listing("anomalies", gettext_lazy("Anomalies"), _COLUMNS[state], empty=_EMPTY[state])


def within_of(asked: Asked, actor: Actor) -> Within:
    """Which matters an address asks for."""
    kind = asked.value("kind") or ALL
    place = within_place(asked.value("place"))
    return Within(
        kinds={MINE: kinds_of(actor), ALL: None}.get(kind, [kind]),
        state=asked.value("state") or "open",
        region=place.region,
        province=place.province,
        commune=place.commune,
    )


def kind_filter(counts: dict[str, int], mine: list[str], chosen: str) -> Filter:
    """One's own, all, then each kind that has matters, one's own kinds first."""
    ordered = [*mine, *(code for code in KINDS if code not in mine)]
    kinds = [code for code in ordered if counts.get(code) or code == chosen]
    own = sum(counts.get(code, 0) for code in mine)
    first = [Choice(MINE, pgettext_lazy("anomaly", "Mine to correct"), own)] if mine else []
    every = Choice(ALL, pgettext_lazy("anomaly", "All"), sum(counts.values()))
    named = [Choice(code, KIND_WORDS.get(code, code), counts.get(code, 0)) for code in kinds]
    label = gettext_lazy("Kinds of anomalies")
    return Filter("kind", label, [*first, every, *named], shown_as="chips", always=True)


class Matters:
    """Matters of the territory as the source of the list."""

    def __init__(self, asked: Asked, scope: Scope, actor: Actor) -> None:
        self.asked, self.scope, self.actor = asked, scope, actor
        self.within = within_of(asked, actor)
        self.order = asked.sort.removeprefix("-")

    def read(self, after: str, count: int) -> list[Matter]:
        """The matters that come next."""
        return work_items(
            scope=self.scope,
            within=self.within,
            order=self.order,
            descending=self.asked.sort.startswith("-"),
            after=self._place_of(after),
            count=count,
        )

    def _place_of(self, after: str) -> Place | None:
        value, _tilde, number = after.rpartition("~")
        if not number.isdigit() or len(number) > 17:
            return None
        if self.order == "found":
            return (int(number),)
        if self.order == "kind":
            return value, int(number)
        at = moment_read(value)
        return (at, int(number)) if at else None

    def place(self, one: Matter) -> str:
        """Where a matter stands in the order asked for."""
        parts = one.place(self.order)
        told = (part.isoformat() if isinstance(part, dt.datetime) else str(part) for part in parts)
        return "~".join(told)

    def show(self, found: Sequence[Matter]) -> list[Record]:
        """The rows; phones, money and communes are asked once for all of them."""
        around = around_matters([one.item_id for one in found], scope=self.scope)
        communes = places.names_of([one.commune_code for one in found], language())
        groups = {kind: _group(kind) for kind in {one.kind for one in found}}
        return [
            _row(
                one,
                around.get(one.item_id, Around()),
                communes.get(one.commune_code or "", ""),
                groups[one.kind] if self.order == "kind" else None,
                self.actor,
            )
            for one in found
        ]


def _group(kind: str) -> Group:
    about = KINDS[kind]
    return Group(KIND_WORDS.get(kind, kind), about.matter, about.remedy)


def _row(one: Matter, around: Around, commune: str, group: Group | None, actor: Actor) -> Record:
    kind = str(KIND_WORDS.get(one.kind, one.kind))
    decides = may_decide_money(actor, one.province_code)
    notes = (commune,) if group else (commune, kind)
    return Record(
        {
            "person": name_of(one.person_id, one.name_ar, one.name_latn, *notes),
            "kind": kind,
            "phones": phones_of(around.phones),
            "money": tuple(_sum(part) for part in around.money),
            "months": _months(one),
            "found": day_of(one.found_at),
            "ended": day_of(one.ended_at) if one.ended_at else None,
            "by": one.ended_by,
            "outcome": one.outcome,
            "acts": _acts(one, actor, decides=decides),
        },
        key=str(one.item_id) if decides and one.state == "open" else "",
        group=group,
    )


def _sum(part: MoneyInvolved) -> Link:
    """A sum in words, with the receipt, leading to the payment."""
    amount, day = money_text(part.centimes), day_text(part.on)
    if part.what == "overdue":
        told = _("%(amount)s overdue since %(day)s")
        return Link(told % {"amount": amount, "day": day})
    if part.payment_id is None:
        told = _("%(amount)s on %(day)s, receipt shown %(receipt)s")
        return Link(told % {"amount": amount, "day": day, "receipt": part.reference})
    told = _("%(amount)s on %(day)s, receipt %(receipt)s")
    words = {"amount": amount, "day": day, "receipt": receipt_number(part.payment_id)}
    return Link(told % words, reverse("payment", args=[part.payment_id]))


def _months(one: Matter) -> str:
    number = one.details.get("months", 0)
    counted = ngettext("%(shown)s month", "%(shown)s months", number)
    told = [month_text(one.month)] if one.month else []
    if number:
        told.append(counted % {"shown": number_text(number)})
    return " · ".join(told)


def _acts(one: Matter, actor: Actor, *, decides: bool) -> dict[str, Any]:
    """What can be done about a matter from its row."""
    asked = one.details.get(ASKED, {})
    other = one.other_person_id
    is_open = one.state == "open"
    return {
        "id": one.item_id,
        "name": name_of(one.person_id, one.name_ar, one.name_latn).name,
        "mend": remedy_of(one, actor) if is_open else None,
        "other": Link(_("The other file"), reverse("person", args=[other])) if other else None,
        "asked": asked,
        "may_end": is_open and decides and asked.get("by") != actor.id,
        "may_reopen": one.state == "done" and decides,
    }
