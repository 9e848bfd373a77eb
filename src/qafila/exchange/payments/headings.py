"""The headings of files of payments: those known, those of the installation, those of one file."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qafila.contributions.payments.rows import NUMBERS
from qafila.exchange.errors import Filled, SynonymsFileRefused
from qafila.tables.synonyms import IGNORED, Synonyms, SynonymsRefused, parse_synonyms

NEEDED = ("reference", "amount_dh", "paid_on")
COLUMNS = (*NEEDED, *NUMBERS, "currency", "status")

_REASONS = {
    "synonyms_not_yaml": _("it is not valid YAML: see its line %(line)s."),
    "synonyms_not_a_table": _(
        "it does not have the expected form: under fields, each column with a list of headings."
    ),
    "synonyms_unknown_field": _("it names a column that does not exist: %(field)s."),
}


def payment_headings(more: Synonyms | None = None) -> Synonyms:
    """The headings known, with those of the setting PAYMENT_HEADINGS, with `more`; later ones win.

    SynonymsFileRefused when the file of the setting cannot be used.
    """
    known = _built_in()
    if settings.PAYMENT_HEADINGS:
        known = known.with_more(headings_of(Path(settings.PAYMENT_HEADINGS)))
    return known.with_more(more) if more else known


@cache
def _built_in() -> Synonyms:
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    return parse_synonyms(text, fields=(*COLUMNS, IGNORED))


def headings_of(path: Path) -> Synonyms:
    """The headings in a synonyms file. SynonymsFileRefused."""
    try:
        return parse_synonyms(path.read_text(encoding="utf-8-sig"), fields=(*COLUMNS, IGNORED))
    except (OSError, UnicodeDecodeError) as error:
        raise SynonymsFileRefused(file=path.name, reason=_("it cannot be opened.")) from error
    except SynonymsRefused as refused:
        reason = Filled(_REASONS[refused.code], **refused.params)
        raise SynonymsFileRefused(file=path.name, reason=reason) from refused
