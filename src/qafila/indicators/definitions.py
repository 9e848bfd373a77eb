"""Every figure, defined once: its code, its name, what is counted, and by which formula."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.accompaniment.steps import STEP_LABELS


@dataclass(frozen=True)
class Figure:
    """A figure: `formula` is SQL over `accompaniment.facts.PROGRESS`, the rest is for people.

    `after`: the step from which people go on to this one ('' the first).
    """

    code: str
    label: Promise
    definition: Promise
    formula: str
    after: str = ""


FUNNEL: tuple[Figure, ...] = (
    Figure(
        "identified",
        STEP_LABELS["identified"],
        _("People named by at least one list or agent; one person counts once."),
        "true",
    ),
    Figure(
        "reached",
        STEP_LABELS["reached"],
        _("People on a caravan's field sheet, or with whom staff recorded a contact."),
        "reached",
        after="identified",
    ),
    Figure(
        "registered",
        STEP_LABELS["registered"],
        _("People with an active entry in the National Register of Crafts."),
        "registered",
        after="identified",
    ),
    Figure(
        "enrolled",
        STEP_LABELS["enrolled"],
        _("People to whom the fund gave a number, in an enrolment that is not closed."),
        "enrolled",
        after="identified",
    ),
    Figure(
        "family_declared",
        STEP_LABELS["family_declared"],
        _(
            "Enrolled people who declared a spouse or child, or stated that they have none, "
            "and of whose family nobody is merely mentioned."
        ),
        "family_declared",
        after="enrolled",
    ),
    Figure(
        "paying",
        STEP_LABELS["paying"],
        _("Enrolled people who have paid and with whom nothing is overdue."),
        "paying",
        after="enrolled",
    ),
    Figure(
        "rights_open",
        STEP_LABELS["rights_open"],
        _("People whose rights to care are open on the day of the figures."),
        "rights_open",
        after="enrolled",
    ),
)
"""The steps in order. Each counts its own fact, so that a later step can exceed one before."""

STEP_CODES = tuple(figure.code for figure in FUNNEL)
STEPS_BY_CODE = {figure.code: figure for figure in FUNNEL}

RIGHTS: tuple[Figure, ...] = (
    Figure("open", _("Open"), _("Rights are open."), "rights = 'open'"),
    Figure(
        "suspended",
        _("Suspended"),
        _("Rights are suspended because contributions are unpaid."),
        "rights = 'suspended'",
    ),
    Figure(
        "waiting",
        _("Waiting"),
        _("Rights open after the waiting period or the first payment."),
        "rights = 'waiting'",
    ),
    Figure("closed", _("Closed"), _("Rights ended with the activity."), "rights = 'closed'"),
    Figure("none", _("None"), _("The person has no rights yet."), "rights = 'none'"),
)


class Dimension(enum.StrEnum):
    """By what people are counted; the value is the column and the name of the filter."""

    REGION = "region"
    PROVINCE = "province"
    COMMUNE = "commune"
    TRADE = "trade"
    CATEGORY = "category"
    SEX = "sex"

    @property
    def column(self) -> str:
        """The column of `accompaniment.facts.PROGRESS`."""
        return _COLUMNS[self]

    @property
    def label(self) -> str:
        """The dimension's name in the language in force."""
        return str(_DIMENSION_LABELS[self])


_COLUMNS = {
    Dimension.REGION: "region_code",
    Dimension.PROVINCE: "province_code",
    Dimension.COMMUNE: "commune_code",
    Dimension.TRADE: "trade_id",
    Dimension.CATEGORY: "category",
    Dimension.SEX: "sex",
}
_DIMENSION_LABELS = {
    Dimension.REGION: _("Region"),
    Dimension.PROVINCE: _("Province"),
    Dimension.COMMUNE: _("Commune"),
    Dimension.TRADE: _("Trade"),
    Dimension.CATEGORY: _("Category"),
    Dimension.SEX: _("Sex"),
}

SEX_LABELS: dict[str, Promise] = {"F": _("Women"), "M": _("Men")}
UNKNOWN_LABEL = _("Not known")
EVERYONE_LABEL = _("Everyone")
