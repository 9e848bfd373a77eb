"""What the places room writes in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal

TERRITORY_LOADED = journal.register(
    "places.territory_loaded",
    _("Regions, provinces and communes were loaded: %(changed)s of %(read)s places changed."),
)
POINTS_IMPORTED = journal.register(
    "places.points_imported",
    _(
        "Points of communes were imported from %(source)s: %(read)s rows read, %(accepted)s "
        "accepted, %(rejected)s rejected, %(repeated)s repeated."
    ),
)
