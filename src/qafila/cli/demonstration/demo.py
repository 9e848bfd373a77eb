"""`qafila demo`: the whole chain on list files, with pages or without."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from qafila.cli.demonstration.chain import Chain, ChainFigures, list_files_in
from qafila.cli.django_setup import prepare_django
from qafila.cli.refusals import UnusableRequest

HEADLESS_DATABASE = "qafila_headless"
DEMO_DATABASE = "qafila_demo"
MONTHS_AHEAD = 12


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without pages.")] = False,
    lists: Annotated[Path | None, typer.Option(help="Folder of list files.")] = None,
    month: Annotated[str, typer.Option(help="Month to call, such as 2026-11.")] = "2026-11",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the pages.", min=1, max=65535)] = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Load the demonstration again.")] = False,
) -> None:
    """Run the whole chain on list files: persons, register, enrolment, contributions, rights."""
    os.environ["QAFILA_DEMO"] = "1"
    prepare_django()
    wanted, folder = _month(month), _lists_folder(lists)
    console = Console()
    if headless:
        _run_chain(HEADLESS_DATABASE, folder, wanted, json_file, console)
        return
    from qafila.cli.demonstration.demo_pages import serve_demonstration

    serve_demonstration(
        DEMO_DATABASE,
        load=lambda: _run_chain(DEMO_DATABASE, folder, wanted, json_file, console, people=True),
        port=port,
        fresh=fresh,
        console=console,
    )


def _run_chain(
    database: str,
    folder: Path,
    month: dt.date,
    json_file: Path | None,
    console: Console,
    *,
    people: bool = False,
) -> None:
    from qafila.foundation.database import fresh
    from qafila.foundation.trail import system_actor

    files = list_files_in(folder)
    if not files:
        raise UnusableRequest(
            _(
                "No list was found in %(folder)s. Put csv, xlsx, xls or ods files there, or name "
                "another folder with --lists."
            )
            % {"folder": folder}
        )
    started = time.perf_counter()
    with console.status(_("Preparing a fresh database…")):
        fresh.create_and_use(database)
    at = _moment_in(month)
    actor = system_actor("demonstration")
    chain = Chain(month=month, actor=actor, at=at, console=console, past=people)
    figures = chain.run(files)
    if people:
        from qafila.demonstration.accounts import create_demonstration_accounts

        create_demonstration_accounts(actor=actor, at=at)
    for sentence in chain.sentences:
        console.print(sentence, style="yellow")
    _print_figures(figures, chain.reason_labels, console, time.perf_counter() - started)
    if json_file:
        json_file.write_text(_as_json(figures, time.perf_counter() - started))
    if not figures.rows_accepted:
        raise UnusableRequest(
            _("No row of a file in %(folder)s could be used; see the reasons above.")
            % {"folder": folder}
        )
    if not figures.balanced:
        raise RuntimeError("The balance of the chain does not hold.")


def _month(text: str) -> dt.date:
    from qafila.foundation import clock
    from qafila_law import Category, first_month

    first = min(first_month(category) for category in Category)
    last = (clock.today().replace(day=1) + dt.timedelta(days=31 * MONTHS_AHEAD)).replace(day=1)
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if match and 1 <= int(match[2]) <= 12:
        month = dt.date(int(match[1]), int(match[2]), 1)
        if first <= month <= last:
            return month
    raise UnusableRequest(
        _(
            "--month %(text)s is not a month of the scheme. Write year and month between "
            "%(first)s and %(last)s, such as 2026-11."
        )
        % {"text": text, "first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}
    )


def _lists_folder(given: Path | None) -> Path:
    """The folder asked for, else the project's own sample lists."""
    from django.conf import settings

    folder: Path = given or settings.PROJECT / "demo" / "lists"
    if not folder.is_dir():
        raise UnusableRequest(
            _("--lists %(folder)s is not a folder. Name the folder of the list files.")
            % {"folder": folder}
        )
    return folder


def _moment_in(month: dt.date) -> dt.datetime:
    """When the chain happens: now, or the 22nd of the month when another month is asked for."""
    from qafila.foundation import clock

    if clock.today().replace(day=1) == month:
        return clock.now()
    return dt.datetime(month.year, month.month, 22, 9, 0, tzinfo=dt.UTC)


def _print_figures(
    figures: ChainFigures, labels: dict[str, str], console: Console, seconds: float
) -> None:
    title = _("From lists to rights, %(month)s") % {"month": figures.month}
    table = Table(title=title, show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    balance = "=" if figures.balanced else "≠"
    table.add_row(
        _("Rows read = accepted + rejected + repeated + skipped"),
        f"{figures.rows_read:,} {balance} {figures.rows_accepted:,} + {figures.rows_rejected:,}"
        f" + {figures.rows_repeated:,} + {figures.rows_skipped:,}",
    )
    for name, value in _closing_rows(figures):
        table.add_row(name, value)
    table.add_section()
    for reason, count in figures.why_not_covered.items():
        table.add_row(f"  {labels[reason]}", f"{count:,}")
    console.print(table)
    console.print(_("Done in %(seconds)s s.") % {"seconds": f"{seconds:.1f}"})


def _closing_rows(figures: ChainFigures) -> list[tuple[str, str]]:
    return [
        (_("Persons"), f"{figures.persons:,}"),
        (_("Register entries"), f"{figures.register_entries:,}"),
        (_("Enrolled at the fund"), f"{figures.enrolled:,}"),
        (_("Dependants spoken of"), f"{figures.dependants:,}"),
        (_("Called for the month"), f"{figures.called_dh:,.2f} DH"),
        (_("Paid"), f"{figures.paid_dh:,.2f} DH"),
        (_("Rights open"), f"{figures.rights_open:,}"),
        (_("Rights suspended"), f"{figures.rights_suspended:,}"),
        (_("Rights waiting"), f"{figures.rights_waiting:,}"),
        (_("Rights closed"), f"{figures.rights_closed:,}"),
        (_("No rights yet"), f"{figures.rights_none:,}"),
    ]


def _as_json(figures: ChainFigures, seconds: float) -> str:
    values = dataclasses.asdict(figures) | {
        "balanced": figures.balanced,
        "seconds_total": round(seconds, 2),
    }
    # Money is exact: written as the decimal it is, never through a float.
    money = {k: v for k, v in values.items() if isinstance(v, Decimal)}
    text = json.dumps(values | dict.fromkeys(money, 0), indent=2, ensure_ascii=False)
    for key, value in money.items():
        text = re.sub(rf'"{key}": 0\b', f'"{key}": {value:.2f}', text)
    return text + "\n"
