"""The sentences of the lists room's journal. File names may name people: they are personal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

LIST_IMPORTED = register(
    "lists.list_imported",
    _(
        "A list was imported. Rows read: %(read)s; accepted: %(accepted)s; rejected: %(rejected)s; "
        "repeated: %(repeated)s."
    ),
)
"""Of imports from before skipped rows were counted."""
LIST_READ = register(
    "lists.list_read",
    _(
        "A list was imported. Rows read: %(read)s; accepted: %(accepted)s; rejected: %(rejected)s; "
        "repeated: %(repeated)s; skipped: %(skipped)s."
    ),
)
LIST_AGAIN = register("lists.list_again", _("The reading of a file was started again."))
LIST_PUT_AWAY = register(
    "lists.list_put_away", _("A file that could not be read was put away from the list of imports.")
)
LIST_BROUGHT_BACK = register(
    "lists.list_brought_back", _("A file that had been put away was brought back.")
)
LIST_FAILED = register("lists.list_failed", _("A file could not be read as a list."))
LIST_CORRECTED = register(
    "lists.list_corrected",
    _(
        "A list was corrected. Rows that stayed with their person: %(kept)s; rows withdrawn: "
        "%(withdrawn)s."
    ),
)
LIST_RECEIVED = register("lists.list_received", _("A file was uploaded."))
ROWS_LINKED = register(
    "lists.rows_linked",
    _(
        "Rows linked: %(rows)s. Files opened: %(opened)s; rows joined to files: %(joined)s; "
        "files merged: %(merged)s; pairs that wait for a decision: %(waiting)s."
    ),
)
DOUBTS_FOUND = register(
    "lists.doubts_found",
    _(
        "Pairs of rows that the machine made one person and would not today, put up for review: "
        "%(pairs)s."
    ),
)
PAIR_SAME = register("lists.pair_same", _("Two rows were said to be the same person."))
PAIR_DIFFERENT = register("lists.pair_different", _("Two rows were said to be two persons."))
DECISION_UNDONE = register("lists.decision_undone", _("A decision about two rows was undone."))
