"""The words of the report, the tables and the command line, in the language in force."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def summary() -> str:
    """The first sheet of the workbook."""
    return _("Summary")


def only_here() -> str:
    """Who is in one list and in none of the others."""
    return _("Only in")


def several() -> str:
    """Who is several times in one list."""
    return _("Twice in")


def file_columns() -> dict[str, str]:
    """Headings of the table of files."""
    return {
        "file": _("File"),
        "kind": _("Kind of list"),
        "read": _("Rows read"),
        "accepted": _("Accepted"),
        "rejected": _("Rejected"),
        "repeated": _("Repeated"),
        "skipped": _("Skipped"),
        "remarked": _("Accepted with remarks"),
        "persons": _("Persons"),
        "only_here": _("In no other list"),
        "several_times": _("Several times in it"),
    }


def row_columns() -> dict[str, str]:
    """Headings of what says where a row stands."""
    return {
        "person": pgettext("column", "Person"),
        "file": pgettext("column", "File"),
        "sheet": pgettext("column", "Sheet"),
        "row": pgettext("column", "Row"),
    }


def report_texts() -> dict[str, Any]:
    """Titles and explanations of the report."""
    return {
        "title": _("Reconciliation of lists"),
        "read": _("What was read"),
        "read_note": _(
            "For every file: rows read = accepted + rejected + repeated + skipped. Skipped rows "
            "are totals, titles, signatures and headings said again."
        ),
        "kinds": _("What was not understood or left out, by kind"),
        "kinds_note": _("Each row is in rejected.csv or remarks.csv."),
        "kinds_columns": [_("Outcome"), _("What"), _("Rows"), _("Files")],
        "problems": _("What to know about the files"),
        "overlaps": _("Where the lists meet"),
        "overlaps_note": _(
            "Persons who are on both lists; on the diagonal, all persons of a list."
        ),
        "lists": _("On how many lists each person is"),
        "quality": _("How sure the links are"),
        "quality_note": _(
            "The more evidence, the likelier it is that two rows are one person. Sure pairs are "
            "linked, the others wait for an agent."
        ),
        "samples": _("Why two rows are one person, or may be"),
        "samples_note": _("Each bar adds or takes away the bits of one comparison."),
        "rejected": _("Rejected rows by reason"),
        "none": _("None."),
        "linked": _("Linked automatically"),
        "review": _("To be decided by a human"),
        "row": pgettext("column", "Row"),
    }


def headline(*, files: int, rows: int, persons: int, review: int) -> str:
    """The report's first line."""
    return _(
        "Files: %(files)s. Rows: %(rows)s. Persons: %(persons)s. "
        "Pairs to be decided by a human: %(review)s."
    ) % {"files": files, "rows": rows, "persons": persons, "review": review}


def chart_texts() -> dict[str, str]:
    """Axes of the charts."""
    return {
        "persons": _("Persons"),
        "pairs": _("Pairs"),
        "lists": _("Lists"),
        "bits": _("Bits of evidence"),
        "automatic": _("Linked automatically"),
        "review": _("To be decided by a human"),
        "sum": _("Together"),
    }


def comparison_label(code: str) -> str:
    """What a piece of evidence compares, in a word or two."""
    labels = {
        "card": pgettext("comparison", "Card number"),
        "own": pgettext("comparison", "Number at an institution"),
        "family": pgettext("comparison", "Family name"),
        "given": pgettext("comparison", "Given name"),
        "birth": pgettext("comparison", "Birth"),
        "phone": pgettext("comparison", "Phone"),
        "commune": pgettext("comparison", "Place"),
        "province": pgettext("comparison", "Place"),
        "place": pgettext("comparison", "Place"),
        "craft": pgettext("comparison", "Trade"),
        "sex": pgettext("comparison", "Sex"),
    }
    return labels.get(code.partition("_")[0], pgettext("comparison", "Other"))


def stage(name: str) -> str:
    """What the command is doing."""
    return {
        "reading": _("Reading the files"),
        "linking": _("Linking the rows"),
        "writing": _("Writing the results"),
    }[name]


def written_to(folder: str) -> str:
    """Where the results are."""
    return _("The results are in %(folder)s.") % {"folder": folder}


def spark_missing() -> str:
    """The engine asked for is not installed."""
    return _(
        "Spark is not installed. Install Qafila with the extra “spark”, or leave --engine out."
    )


def mapping_not_found(name: str) -> str:
    """The mapping file cannot be opened."""
    return _("The mapping file %(file)s cannot be opened. Check its name and its folder.") % {
        "file": name
    }


def folder_not_writable(folder: str) -> str:
    """The results cannot be written."""
    return _("Nothing can be written to %(folder)s. Give another folder with --out.") % {
        "folder": folder
    }
