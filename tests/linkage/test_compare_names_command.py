"""`qafila linkage compare-names`: the csv in, the csv out, and what is refused."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qafila.cli.linkage import linkage_app


def run(source: Path, target: Path) -> tuple[int, str]:
    result = CliRunner().invoke(linkage_app, ["compare-names", str(source), str(target)])
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,other\na,b\n", "does not have one column"),
        (b"left,left,right\na,b,c\n", "does not have one column"),
        (b"left,right\n\xe3\xe4,b\n", "UTF-8"),
        (b"", "does not have one column"),
    ],
)
def test_wrong_file_gets_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    code, output = run(source, tmp_path / "out.csv")
    assert code == 2
    assert said in output
    assert not (tmp_path / "out.csv").exists()


def test_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    code, output = run(tmp_path / "none.csv", tmp_path / "out.csv")
    assert code == 2
    assert "cannot be read" in output


def test_every_reason_has_a_sentence() -> None:
    from qafila.cli.linkage import _WHY
    from qafila.linkage.names import NAME_REASONS

    assert tuple(_WHY) == NAME_REASONS
