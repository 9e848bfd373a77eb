"""Random files made of known people: everybody comes out, or is named where rows are left out."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qafila.lists.reading.columns.mapping import parse_mapping
from qafila.lists.reading.reading import read_files
from qafila.lists.reading.results import Reading
from qafila.lists.reading.written_mapping import write_mapping

FAMILIES = ("Zerouali", "Oukhouya", "El Idrissi", "Aït Taleb", "Chraibi", "الزروالي", "Totali",
            "Le Chef", "Source", "خاتم", "Cherkaoui", "أيت وعلي")  # fmt: skip
GIVEN = ("Samira", "Brahim", "Nawal", "Lahcen", "سميرة", "إبراهيم", "Fatima Zahra", "Omar")
PLACES = ("Settat", "Taroudant", "سطات", "Meknès", "", "12, rue X")
HEADINGS = {
    "full": ("Nom et prénom", "الاسم الكامل", "NOM & PRENOM", "Nom complet / الاسم الكامل"),
    "family": ("Nom", "الاسم العائلي", "Nom en français", "Nom / الاسم العائلي"),
    "given": ("Prénom", "الاسم الشخصي", "Prénom en français"),
    "card": ("CIN", "N° CIN", "رقم البطاقة الوطنية", "C.I.N / ب.و"),
    "birth": ("Date de naissance", "تاريخ الازدياد", "Né(e) le"),
    "place": ("Commune", "الجماعة", "Ville"),
    "unknown": ("Quantité", "Champ 7"),
}
JUNK = (("Total", "12"), ("Liste des artisans de la province de Settat",), ("المجموع", "7"),
        ("Fait à Settat, le 12/03/2022",), ("Le Président de la Chambre",), (), ("", "", ""),
        ("Commune de Settat",), ("Signature et cachet",))  # fmt: skip
Cells = list[str]


class Written:
    """A random table: its rows, and the cards of the people in it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.split = self.chance.random() < 0.6
        names = ["family", "given"] if self.split else ["full"]
        rest = ["card", *(f for f in ("birth", "place", "unknown") if self.chance.random() < 0.7)]
        self.fields = names + rest
        if self.chance.random() < 0.3:
            self.fields = [rest[0], *names, *rest[1:]]
        self.headings = [self.chance.choice(HEADINGS[field]) for field in self.fields]
        self.cards = [f"BE{200000 + 13 * n}" for n in range(self.chance.randint(3, 12))]
        self.rows = self._rows()

    def _rows(self) -> list[Cells]:
        rows = [self._junk() for _ in range(self.chance.choice((0, 0, 1, 3)))]
        rows.append(list(self.headings))
        for card in self.cards:
            rows.append(self._person(card))
            if self.chance.random() < 0.15:
                rows.append(self._junk())
            if self.chance.random() < 0.05:
                rows.append(list(self.headings))
        return [*rows, *(self._junk() for _ in range(self.chance.randint(0, 3)))]

    def _junk(self) -> Cells:
        return list(self.chance.choice(JUNK))

    def _person(self, card: str) -> Cells:
        family, given = self.chance.choice(FAMILIES), self.chance.choice(GIVEN)
        cells = {
            "family": family,
            "given": given,
            "full": f"{family} {given}",
            "card": card,
            "birth": self.chance.choice(("01/02/1980", "1975", "12.11.1990", "", "x")),
            "place": self.chance.choice(PLACES),
            "unknown": self.chance.choice(("3", "")),
        }
        row = [cells[field] for field in self.fields]
        shifted = self.chance.random() < 0.05
        return ["", *row] if shifted else row

    def as_csv(self, folder: Path) -> Path:
        mark = self.chance.choice((";", ",", "\t", "|"))
        quoted = self.chance.random() < 0.4
        stray = self.chance.randrange(len(self.rows)) if self.chance.random() < 0.3 else -1
        lines = []
        for number, row in enumerate(self.rows):
            cells = [f'"{c}"' if quoted or mark in c else c for c in row]
            if number == stray and not quoted and cells and len(self.fields) > 2:
                cells[0] = f'"{row[0]}' if mark not in row[0] else cells[0]
            lines.append(mark.join(cells))
        path = folder / "liste.csv"
        path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
        return path

    def as_xlsx(self, folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for number, row in enumerate(self.rows, 1):
            for column, cell in enumerate(row, 1):
                if cell:
                    sheet.cell(number, column, cell)
            if len([c for c in row if c]) == 1 and row[0] and self.chance.random() < 0.5:
                sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
        path = folder / "liste.xlsx"
        book.save(path)
        return path


def everything_said(reading: Reading) -> str:
    """All that is accepted, rejected, remarked, repeated or refused, as one text."""
    rows = reading.rows.select("card_number", "card_raw", "full_name", "family_name", "given_name")
    parts = [str(cell) for row in rows.rows() for cell in row]
    parts += [cell for cells in reading.rejected["cells"] for cell in cells]
    parts += reading.remarks["cell"].to_list()
    return "\n".join(parts)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), workbook=st.booleans())
@example(seed=100_007, workbook=False)  # cards one column to the right of theirs
def test_everybody_comes_out_or_is_named(seed: int, workbook: bool) -> None:
    written = Written(seed)
    with tempfile.TemporaryDirectory() as name:
        path = written.as_xlsx(Path(name)) if workbook else written.as_csv(Path(name))
        reading = read_files([path])
        (file,) = reading.files
        assert file.usable, [problem.code for problem in file.problems]
        said = everything_said(reading)
        lost = [card for card in written.cards if card not in said]
        assert not lost, (lost, written.rows, file.problems)
        balance = file.accepted + file.rejected.height + file.repeated.height
        assert file.read == balance + file.left_out.height
        again = read_files([path], mapping=parse_mapping(write_mapping(reading)))
        assert again.rows.equals(reading.rows)
