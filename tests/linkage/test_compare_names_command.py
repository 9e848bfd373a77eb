"""`qafila linkage compare-names`: the csv in, the csv out, and what is refused."""

import csv
from pathlib import Path

import pytest
from django.utils import translation
from typer.testing import CliRunner

from qafila.cli.rooms.linkage import linkage_app


def run(source: Path, target: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(linkage_app, ["compare-names", str(source), str(target), *options])
    return result.exit_code, result.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_pairs_are_scored(tmp_path: Path, encoding: str, delimiter: str) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    lines = [["Left", "right"], ["محمد العلوي", "Alaoui Mohamed"], ["خديجة", "Rachid"]]
    source.write_text("\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    assert run(source, target)[0] == 0
    with target.open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["same"], second["same"]) == ("yes", "no")
    assert float(first["score"]) > 0.9 > float(second["score"]) >= 0
    assert "other script" in first["why"]


def test_formulas_are_made_harmless(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('left,right\n"=cmd()","@sum"\n', encoding="utf-8")
    assert run(source, target)[0] == 0
    assert "'=cmd(),'@sum" in target.read_text(encoding="utf-8-sig")


def read_answers(target: Path) -> list[dict[str, str]]:
    with target.open(encoding="utf-8-sig", newline="") as stream:
        return [*csv.DictReader(stream)]


def test_all_other_columns_are_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,Left,note,RIGHT\n7,Tazi,=x,التازي\n8,Tazi\n", encoding="utf-8")
    assert run(source, target)[0] == 0
    first, second = read_answers(target)
    assert list(first) == ["id", "Left", "note", "RIGHT", "score", "same", "why"]
    assert (first["id"], first["note"], first["same"]) == ("7", "'=x", "yes")
    assert (second["id"], second["RIGHT"], second["same"]) == ("8", "", "no")


@pytest.mark.parametrize(
    ("content", "options", "count"),
    [
        ("التازي\ttazi\nمظلوم\tmazloum\n", (), 2),
        ("ar\ten\nالتازي\ttazi\n", (), 1),
        ("id;arabe;latin\n1;التازي;Tazi\n", ("--left", "arabe", "--right", "Latin"), 1),
    ],
)
def test_any_file_of_two_columns_is_compared(
    tmp_path: Path, content: str, options: tuple[str, ...], count: int
) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text(content, encoding="utf-8")
    code, output = run(source, target, *options)
    assert code == 0, output
    answers = read_answers(target)
    assert [answer["same"] for answer in answers] == ["yes"] * count


def test_unknown_heading_gets_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("a,b\nTazi,Tazi\n", encoding="utf-8")
    code, output = run(source, tmp_path / "out.csv", "--left", "nom")
    assert code == 2
    assert "--left and --right" in output


def test_recall_and_precision_are_printed_beside_a_truth(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    lines = ["left,right,truth", "Tazi,التازي,yes", "Hassan,Houcine,no", "Tazi,Filali,oui"]
    source.write_text("\n".join(lines), encoding="utf-8")
    code, output = run(source, target)
    assert code == 0
    assert "Recall 0.5000, precision 1.0000 over 3 pairs, 2 of one name." in output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\na\n", "does not have two columns"),
        (b"left,left,right\na,b,c\n", "does not have one column"),
        (b"left,right\n\xe3\xe4,b\n", "UTF-8"),
        (b"", "does not have two columns"),
    ],
)
def test_wrong_file_gets_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    code, output = run(source, tmp_path / "out.csv")
    assert code == 2
    assert said in output
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "deux noms qui se ressemblent mais sont différents"),
        ("ar", "اسمان متشابهان"),
        ("en", "two names that look alike are different names"),
    ],
)
def test_reasons_are_told_in_the_language_asked_for(
    tmp_path: Path, language: str, told: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("left,right\nHassan Tazi,Houcine Tazi\n", encoding="utf-8")
    with translation.override("en"):
        assert run(source, target, "--language", language)[0] == 0
    assert told in target.read_text(encoding="utf-8-sig")


def test_unknown_language_gets_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("left,right\na,b\n", encoding="utf-8")
    code, output = run(source, tmp_path / "out.csv", "--language", "it")
    assert code == 2
    assert "ar, fr, zgh" in output


def test_empty_cells_and_short_lines_are_told(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("left,right\n,Tazi\nTazi\n\nTazi,123\n", encoding="utf-8")
    assert run(source, target)[0] == 0
    with target.open(encoding="utf-8-sig", newline="") as stream:
        answers = [(row["score"], row["same"], row["why"]) for row in csv.DictReader(stream)]
    assert len(answers) == 3
    assert {(score, same) for score, same, _ in answers} == {("0.000", "no")}
    assert all("no name" in why for *_, why in answers)


def test_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    code, output = run(tmp_path / "none.csv", tmp_path / "out.csv")
    assert code == 2
    assert "cannot be read" in output


def test_every_reason_has_a_sentence() -> None:
    from qafila.cli.rooms.linkage import _WHY
    from qafila.linkage.names.name_comparison import NAME_REASONS

    assert tuple(_WHY) == NAME_REASONS
