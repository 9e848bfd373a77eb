"""The component gallery: every component in every state. The people in it are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.institutions.role_names import role_name
from qafila.web.acts.fields import DayField
from qafila.web.design import components as c
from qafila.web.design.figures import day_text, money_text, number_text
from qafila.web.design.icons import PATHS
from qafila.web.gallery.drawings import sample_map, sample_trend
from qafila.web.gallery.lists import sample_list
from qafila.web.site.typed_fields import Line, Note

_DAY = dt.date(2026, 11, 22)
PAINTS = (
    "paper",
    "surface",
    "sunken",
    "line",
    "edge",
    "ink",
    "ink-soft",
    "brand",
    "clay",
    "link",
    "ok",
    "warn",
    "bad",
    "info",
)


class SampleForm(forms.Form):
    """One field of each sort."""

    name = Line(label=_("Name"), help_text=_("As on the national card."))
    card = Line(label=_("Card number"), max_length=8)
    day = DayField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("Woman")), ("m", _("Man"))], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label=_("The person agrees to be called."), required=False)
    note = Note(label=_("Note"), widget=forms.Textarea, required=False)
    list_file = forms.FileField(label=_("Choose the list or drop it here"), required=False)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, with the data it is fed."""
    refused = SampleForm({"card": "12345678901", "day": "x"}, prefix="refused")
    refused.is_valid()
    return render(
        request,
        "gallery/page.html",
        {
            "sample_form": SampleForm(prefix="sample"),
            "refused_form": refused,
            "icons": sorted(PATHS),
            "paints": PAINTS,
            "tags": list(c.TAGS),
            "who": c.Who("نادية الإدريسي", role_name("chamber_staff"), "غرفة الصناعة التقليدية"),
            "sample_page": Paginator(range(95), 20).page(2),
            "record_list": sample_list(),
            **_records(),
            **_people(),
            **_movement(),
        },
    )


def _records() -> dict[str, Any]:
    columns = (
        c.Column("name", _("Name")),
        c.Column("card", _("Card number"), "identifier"),
        c.Column("since", _("Since"), "day"),
        c.Column("owed", _("Owed"), "money"),
        c.Column("state", _("Rights"), "tag"),
    )
    people = (
        ("فاطمة أيت لحسن", "JB123456", 16352, "open"),
        ("محمد بنعلي", "AB98765", 49056, "suspended"),
        ("Rachid Oubella", "", 0, "waiting"),
    )
    rows = [
        c.Row({"name": n, "card": k, "since": _DAY, "owed": o, "state": s}, href="#table")
        for n, k, o, s in people
    ]
    total = c.Row({"name": gettext("Total"), "owed": 65408}, total=True)
    return {
        "table": c.Table(_("People of the commune"), columns, [*rows, total]),
        "empty_table": c.Table(_("Rejected rows"), columns[:3], []),
        "timeline": (
            c.Event(day_text(_DAY), _("The contact was recorded."), c.Who("AIT LAHCEN Fatima")),
            c.Fold(_("Automatic"), [c.Event(day_text(_DAY), _("Accepted"))]),
        ),
        "summary": (
            c.SummaryLine(_("Name in Latin letters"), "AIT LAHCEN Fatima", change="#summary"),
            c.SummaryLine(_("Sex"), "", change="#summary"),
        ),
        "facts": (
            c.Fact(_("Card number"), "JB123456", "identifier"),
            c.Fact(_("Since"), _DAY, "day"),
            c.Fact(_("Owed"), 16352, "money"),
            c.Fact(_("Rights"), "open", "tag"),
        ),
        "stats": (
            c.Stat(_("Rows read"), number_text(12480)),
            c.Stat(_("Accepted"), number_text(12211), share=Decimal("0.978"), href="#stats"),
            sample_trend(),
            c.Stat(_("Called"), money_text(199732800), note=_("November")),
        ),
        "comparison": c.Comparison(
            _("Same person or not?"),
            _("Chamber list"),
            _("Fund list"),
            (
                c.Compared(_("Name"), "محمد ايت لحسن", "MOHAMED AIT LAHCEN", "same"),
                c.Compared(_("Card number"), "JB123456", "JB123465", "differs", "identifier"),
                c.Compared(_("Date of birth"), dt.date(1979, 3, 4), None, "", "day"),
            ),
        ),
    }


def _people() -> dict[str, Any]:
    return {
        "chips": (
            c.PersonChip(
                "فاطمة أيت لحسن",
                "Fatima Ait Lahcen",
                "#person",
                "JB123456",
                "تارودانت",
                c.TAGS["open"],
            ),
            c.PersonChip("محمد بنعلي", "Mohamed Benali", "#person", tag=c.TAGS["suspended"]),
        ),
        "stations": (
            c.Station(pgettext_lazy("station", "Identified"), "done", when=_("On two lists")),
            c.Station(pgettext_lazy("station", "On the register"), "done"),
            c.Station(pgettext_lazy("station", "Enrolled at the fund"), "done"),
            c.Station(
                pgettext_lazy("station", "Family declared"),
                "here",
                why=_("The spouse is mentioned on a list but is not declared."),
                next_step=_("Bring the marriage certificate to the counter."),
                action=c.Link(_("Declare the family"), "#route"),
            ),
            c.Station(
                pgettext_lazy("station", "Paying"), "blocked", why=_("Three months are not paid.")
            ),
            c.Station(pgettext_lazy("station", "Rights open"), "ahead"),
        ),
    }


def _movement() -> dict[str, Any]:
    return {
        "progress": c.Progress(_("Import"), 350, 1000, _("Reading the sheet.")),
        "endless": c.Progress(_("Linking"), 350, None),
        "stepper": c.Stepper(_("Import"), (_("File"), _("Columns"), _("Rows"), _("Done")), 2),
        "tabs": (
            c.Tab(_("Accepted"), "#tabs", True, 12211),
            c.Tab(_("Rejected"), "#tabs", False, 87),
            c.Tab(_("Repeated"), "#tabs"),
        ),
        "crumbs": (c.Link(_("Home"), "/"), c.Link(_("Lists"), "#"), c.Link("artisans-2026.xlsx")),
        "map": sample_map(),
        "bars": (
            c.Bar(_("Identified"), 12211, Decimal(1), "#bars"),
            c.Bar(_("On the register"), 7480, Decimal("0.613"), "#bars", 4731, "#bars"),
            c.Bar(_("Rights open"), 1204, Decimal("0.099"), "#bars", 11007, "#bars"),
        ),
        "explained": (
            c.Explained(_("163.52 DH a month: this is the contribution."), "Décret 2-18-623"),
            c.Explained(_("It is due before the end of the month.")),
        ),
    }


urlpatterns = [path("gallery", gallery, name="gallery")]
