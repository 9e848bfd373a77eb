"""Random list files made of known people, in the shapes that institutions send them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Cells = list[str]
LATIN = ("Zerouali", "Oukhouya", "El Idrissi", "Aït Taleb", "Chraibi", "Totali", "Le Chef",
         "Cherkaoui", "Ben Said", "Source", "Page", "O'Hanna")  # fmt: skip
ARABIC = ("الزروالي", "أيت وعلي", "خاتم", "الإدريسي", "مديري", "المجموعي")
GIVEN_LATIN = ("Samira", "Brahim", "Nawal", "Lahcen", "Fatima Zahra", "Omar", "Saïd", "Hélène")
GIVEN_ARABIC = ("سميرة", "إبراهيم", "فاطمة الزهراء", "عمر")
PLACES = ("Settat", "Taroudant", "Meknès", "", "Commune X")
BIRTHS = ("01/02/1980", "1975", "12.11.1990", "", "x", "1968-07-05", "5 mai 1970", "25/12/1979")
HEADINGS = {
    "serial": ("N°", "ر.ت", "N° d'ordre"),
    "full": ("Nom et prénom", "الاسم الكامل", "NOM & PRENOM", "Nom complet / الاسم الكامل"),
    "family": ("Nom", "الاسم العائلي", "Nom en français", "Nom / الاسم العائلي"),
    "given": ("Prénom", "الاسم الشخصي", "Prénom en français", "Prénom (s)"),
    "card": ("CIN", "N° CIN", "رقم البطاقة الوطنية", "C.I.N / ب.و", "CNIE"),
    "birth": ("Date de naissance", "تاريخ الازدياد", "Né(e) le"),
    "phone": ("Téléphone", "GSM", "الهاتف", "Tél 1"),
    "place": ("Commune", "الجماعة", "Ville"),
    "address": ("Adresse", "العنوان"),
    "notes": ("Observations", "ملاحظات"),
    "unknown": ("Quantité", "Champ 7"),
}
ABOVE = ("Royaume du Maroc", "Liste des artisans de la province de Settat", "Année 2024",
         "Ministère du Tourisme, de l'Artisanat", "غرفة الصناعة التقليدية", "")  # fmt: skip
JUNK = (["Total", "12"], ["Sous-total Settat"], ["المجموع", "7"], ["Commune de Settat"], [],
        ["Total général : 45 artisans"], ["Suite page suivante"], ["Page 2/4"],
        ["Coopérative Al Amal"], ["Liste des artisans - Page 3"], ["دوار آيت علي"])  # fmt: skip
BELOW = (["Fait à Settat, le 12/03/2022"], ["Le Président de la Chambre"], ["Signature et cachet"],
         ["Arrêté le présent état à douze artisans"], ["Vu et vérifié"], ["رئيس الغرفة"],
         ["Tél : 0522 11 22 33"], ["www.artisanat.gov.ma"], [], ["Total", "12"])  # fmt: skip
NOTES = ("", "sans atelier", 'dit "Bob"', "veuve, deux enfants", "absent", '12" de large')
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "cp1256", "utf-16", "utf-16-le", "utf-32")
MARKS = (";", ",", "\t", "|", "~", "^")


@dataclass
class Someone:
    card: str
    family: str
    given: str


@dataclass
class RandomFile:
    """A random table of people, and the file it was written to."""

    seed: int
    people: list[Someone] = field(default_factory=list)
    rows: list[Cells] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.workbook = self._maybe(0.4)
        self.arabic = self._maybe(0.3)
        self.split = self._maybe(0.6)
        self.shape = "rows" if self._maybe(0.85) else self.chance.choice(("side", "down", "forms"))
        self.fields = self._fields()
        self.headings = [self.chance.choice(HEADINGS[name]) for name in self.fields]
        self.people = [self._someone(n) for n in range(self.chance.randint(4, 12))]

    def write(self, folder: Path) -> Path:
        """The file, written in the folder."""
        build = {"rows": self._table, "side": self._side, "down": self._down, "forms": self._forms}
        self.rows = build[self.shape]()
        return self._as_xlsx(folder) if self.workbook else self._as_csv(folder)

    def _maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def _fields(self) -> list[str]:
        names = ["family", "given"] if self.split else ["full"]
        others = ("birth", "phone", "place", "address", "notes", "unknown")
        rest = [name for name in others if self._maybe(0.5)]
        fields = [*names, "card", *rest] if self._maybe(0.7) else ["card", *names, *rest]
        return ["serial", *fields] if self._maybe(0.4) else fields

    def _someone(self, number: int) -> Someone:
        arabic = self.arabic and self._maybe(0.7)
        family = self.chance.choice(ARABIC if arabic else LATIN)
        given = self.chance.choice(GIVEN_ARABIC if arabic else GIVEN_LATIN)
        return Someone(f"BE{200000 + 13 * number}", family, given)

    def _person(self, number: int, one: Someone) -> Cells:
        cells = {
            "serial": str(number + 1),
            "family": one.family,
            "given": one.given,
            "full": f"{one.family} {one.given}",
            "card": one.card,
            "birth": self.chance.choice(BIRTHS),
            "phone": self.chance.choice(("", f"06{10000000 + 7 * number}", "0661 22 33 44")),
            "place": self.chance.choice(PLACES),
            "address": self.chance.choice(("", "12, rue X", "Rue 1, n° 2,\nétage 3", "Hay Salam")),
            "notes": self.chance.choice(NOTES),
            "unknown": self.chance.choice(("3", "")),
        }
        return [cells[name] for name in self.fields]

    def _headings_again(self) -> list[Cells]:
        return [list(self.headings)] if self._maybe(0.06) else []

    def _table(self) -> list[Cells]:
        """Titles, headings in one line, two lines or two languages, people, junk, signatures."""
        rows = [[self.chance.choice(ABOVE)] for _ in range(self.chance.choice((0, 0, 1, 3)))]
        rows += self._heading_lines()
        for number, one in enumerate(self.people):
            row = self._person(number, one)
            rows.append(["", *row] if self._maybe(0.04) else row)
            rows += [list(self.chance.choice(JUNK))] if self._maybe(0.12) else []
            rows += self._headings_again()
        return rows + [list(self.chance.choice(BELOW)) for _ in range(self.chance.randint(0, 4))]

    def _heading_lines(self) -> list[Cells]:
        if self._maybe(0.12):
            groups = ["Identité" if n < 3 else "Coordonnées" for n in range(len(self.fields))]
            firsts = [g if not n or groups[n - 1] != g else "" for n, g in enumerate(groups)]
            return [firsts, list(self.headings)]
        if self._maybe(0.1):
            return [[HEADINGS[name][1] for name in self.fields], list(self.headings)]
        return [list(self.headings)]

    def _side(self) -> list[Cells]:
        half = (len(self.people) + 1) // 2
        left = [self._person(n, one) for n, one in enumerate(self.people[:half])]
        right = [self._person(n, one) for n, one in enumerate(self.people[half:], half)]
        right += [[] for _ in range(len(left) - len(right))]
        pairs = zip([self.headings, *left], [self.headings, *right], strict=True)
        return [[*one, "", *other] for one, other in pairs]

    def _down(self) -> list[Cells]:
        columns = [self._person(n, one) for n, one in enumerate(self.people)]
        return [[heading, *cells] for heading, *cells in zip(self.headings, *columns, strict=True)]

    def _forms(self) -> list[Cells]:
        rows: list[Cells] = []
        for number, one in enumerate(self.people):
            cells = zip(self.headings, self._person(number, one), strict=True)
            rows += [[heading, cell] for heading, cell in cells]
            rows += [[]] if self._maybe(0.8) else []
        return rows

    def _as_csv(self, folder: Path) -> Path:
        mark = self.chance.choice(MARKS)
        quoted = self._maybe(0.35)
        plain = not quoted and self.shape == "rows"
        stray = self.chance.randrange(len(self.rows)) if plain and self._maybe(0.25) else -1
        other = self.chance.randrange(len(self.rows)) if plain and self._maybe(0.1) else -1
        if any("\n" in cell for cell in self.rows[other]):
            other = -1
        trailing = mark * self.chance.choice((0, 0, 0, 3))
        lines = []
        for number, row in enumerate(self.rows):
            sign = {";": ",", ",": ";"}.get(mark, mark) if number == other else mark
            lines.append(self._line(row, sign, quoted=quoted, stray=number == stray) + trailing)
        if self._maybe(0.05):
            lines.insert(0, f"sep={mark}")
        text = self.chance.choice(("\r\n", "\n")).join(lines) + self.chance.choice(("", "\r\n"))
        path = folder / "liste.csv"
        path.write_bytes(text.encode(self.chance.choice(ENCODINGS), errors="replace"))
        return path

    def _line(self, row: Cells, mark: str, *, quoted: bool, stray: bool) -> str:
        needed = (mark, '"', "\n")
        doubled = [cell.replace('"', '""') for cell in row]
        cells = [
            f'"{cell}"' if quoted or any(sign in cell for sign in needed) else cell
            for cell in doubled
        ]
        if stray and cells and cells[0] and not cells[0].startswith('"'):
            cells[0] = f'"{cells[0]}'
        return mark.join(cells)

    def _as_xlsx(self, folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for number, row in enumerate(self.rows, 1):
            for column, cell in enumerate(row, 1):
                if cell:
                    sheet.cell(number, column, self._typed(cell))
        if self.shape == "rows":
            self._merge_and_hide(sheet)
            if self._maybe(0.2):
                book.create_sheet("Synthèse").append(["Province", "Nombre"])
        path = folder / "liste.xlsx"
        book.save(path)
        return path

    def _typed(self, cell: str) -> str | int | dt.datetime:
        if cell == "01/02/1980" and self._maybe(0.5):
            return dt.datetime(1980, 2, 1)  # noqa: DTZ001  # a cell of a workbook has no zone
        return int(cell) if cell.isascii() and cell.isdigit() and self._maybe(0.5) else cell

    def _merge_and_hide(self, sheet: Worksheet) -> None:
        for number, row in enumerate(self.rows, 1):
            if len([c for c in row if c]) == 1 and row[0] and self._maybe(0.5):
                sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
            if self._maybe(0.03):
                sheet.row_dimensions[number].hidden = True
