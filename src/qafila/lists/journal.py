"""The sentences of the lists room's journal. File names may name people: they are personal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

LIST_IMPORTED = register(
    "lists.list_imported",
    _(
        "A list was imported: %(read)s rows read, %(accepted)s accepted, %(rejected)s rejected, "
        "%(repeated)s repeated."
    ),
)
LIST_FAILED = register("lists.list_failed", _("A file could not be read as a list."))
LIST_CORRECTED = register(
    "lists.list_corrected",
    _(
        "A list was corrected: %(kept)s rows stayed with their person, %(withdrawn)s rows were "
        "withdrawn."
    ),
)
LIST_RECEIVED = register("lists.list_received", _("A file was uploaded."))
ROWS_LINKED = register(
    "lists.rows_linked",
    _(
        "%(rows)s rows were linked: %(opened)s files opened, %(joined)s rows joined to files, "
        "%(merged)s files merged, %(waiting)s pairs wait for a decision."
    ),
)
PAIR_SAME = register("lists.pair_same", _("Two rows were said to be the same person."))
PAIR_DIFFERENT = register("lists.pair_different", _("Two rows were said to be two persons."))
DECISION_UNDONE = register("lists.decision_undone", _("A decision about two rows was undone."))
