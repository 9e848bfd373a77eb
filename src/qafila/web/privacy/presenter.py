"""What is kept of a person, in words: how many entries of what, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qafila.people.privacy.erasing import WhatErasingDoes
from qafila.people.privacy.own_data import DataOfKind
from qafila.people.privacy.treatments import TITLES, treatments
from qafila.web.design.components import Column, Row, Table
from qafila.web.design.figures import number_text

STATES = {
    "asked": gettext_lazy("Waits for a second colleague"),
    "done": gettext_lazy("Erased"),
    "refused": gettext_lazy("Not done"),
}


def kept_table(found: Iterable[DataOfKind], today: dt.date) -> Table:
    """For each treatment how many entries there are of the person, and how long they are kept."""
    rows: dict[str, int] = {}
    for one in found:
        rows[one.treatment] = rows.get(one.treatment, 0) + len(one.rows)
    columns = (
        Column("what", _("What is kept")),
        Column("rows", _("Entries"), "number"),
        Column("years", _("How long")),
    )
    shown = [
        Row(
            {
                "what": TITLES[one.code],
                "rows": rows[one.code],
                "years": _years(one.retention_on(today).years),
            }
        )
        for one in treatments()
        if one.code in rows
    ]
    return Table(_("What is kept"), columns, shown, empty=_("Nothing is kept."))


def _years(years: int) -> str:
    if not years:
        return _("Until the next change")
    told = ngettext(
        "At most %(years)s year after it ended", "At most %(years)s years after it ended", years
    )
    return told % {"years": years}


def what_follows(does: WhatErasingDoes) -> list[str]:
    """What erasing takes away and what it leaves, in sentences."""
    if does.whole:
        lines = [_("Names, card, date of birth, numbers and telephones go. It cannot be undone.")]
    else:
        lines = [_("Telephones, links and what lists brought go. It cannot be undone.")]
        kept = ", ".join(
            f"{TITLES[code]} ({number_text(rows)})" for code, rows in does.kept.items()
        )
        lines.append(
            _("The law wants kept, with the name they belong to: %(kept)s.") % {"kept": kept}
        )
    lines.append(_("The journal stays, without names where none have to be kept."))
    return lines


def consents_shown(consents: Iterable[Any]) -> list[dict[str, Any]]:
    """Consents with what the button beside them asks for."""
    return [{"consent": one, "give": "no" if one.given else "yes"} for one in consents]
