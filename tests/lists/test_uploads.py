"""Uploads wait encrypted, are read by a job, and are deleted then."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.lists import queries
from qafila.lists.errors import UploadGone, UploadTooLarge
from qafila.lists.importing.uploads import read_upload, receive_upload
from qafila.lists.linking.relinking import relink_changed_rows
from qafila.lists.models import ListImport, Row
from qafila.people.models import Person

pytestmark = pytest.mark.django_db

CONTENT = "Nom;Prénom;CIN\nAlaoui;Mohamed;AB123456\nBennani;Khadija;CD654321\n".encode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where uploads are kept."""
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


def _received(system: Actor, at: dt.datetime, name: str = "liste.csv") -> ListImport:
    return receive_upload(name, [CONTENT[:20], CONTENT[20:]], actor=system, at=at)


def _kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def test_kept_encrypted_then_read_then_deleted(
    folder: Path, system: Actor, at: dt.datetime,
    django_capture_on_commit_callbacks: object,
) -> None:  # fmt: skip
    record = _received(system, at)
    assert record.state == "waiting"
    (kept,) = _kept(folder)
    assert b"Alaoui" not in kept
    progress = queries.import_progress(record.pk, scope=WHOLE_COUNTRY)
    assert (progress.ended, progress.share) == (False, 0.0)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        outcome = read_upload(record.pk, actor=system, at=at)
    assert (outcome.state, outcome.rows_accepted) == ("read", 2)
    assert _kept(folder) == []
    again = read_upload(record.pk, actor=system, at=at)
    assert (again.repeats_import, again.rows_accepted, Row.objects.count()) == (True, 2, 2)


def test_the_same_bytes_again_give_the_earlier_import(
    folder: Path, system: Actor, at: dt.datetime
) -> None:
    first = _received(system, at)
    assert _received(system, at, "other.csv").pk == first.pk
    assert len(_kept(folder)) == 1


def test_lost_bytes_are_said_and_can_be_uploaded_again(
    folder: Path, system: Actor, at: dt.datetime
) -> None:
    record = _received(system, at)
    (path,) = folder.iterdir()
    path.unlink()
    with pytest.raises(UploadGone) as refused:
        read_upload(record.pk, actor=system, at=at)
    assert "liste.csv" in refused.value.sentence()
    record.refresh_from_db()
    assert (record.state, record.problems[0]["code"]) == ("failed", "upload_gone")
    again = _received(system, at)
    assert read_upload(again.pk, actor=system, at=at).rows_accepted == 2


def test_a_changed_upload_is_refused(folder: Path, system: Actor, at: dt.datetime) -> None:
    record = _received(system, at)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-9] + b"x" * 9)
    with pytest.raises(UploadGone):
        read_upload(record.pk, actor=system, at=at)
    assert Row.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\lists\\liste.csv", "liste.csv"),
        ("", "list"),
        ("a\x00b.csv", "ab.csv"),
        ("ن" * 300 + ".csv", ("ن" * 300 + ".csv")[-120:]),
    ],
)
def test_only_a_bare_name_is_kept(system: Actor, at: dt.datetime, given: str, kept: str) -> None:
    record = _received(system, at, given)
    assert record.file_name == kept
    assert read_upload(record.pk, actor=system, at=at).rows_accepted == 2


def test_too_large_and_not_allowed(
    folder: Path, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qafila.lists.importing.uploads.MAX_FILE_BYTES", 10)
    with pytest.raises(UploadTooLarge):
        _received(system, at)
    assert _kept(folder) == []
    auditor = Actor.holding(system.id, "auditor", {Role.AUDITOR}, WHOLE_COUNTRY)
    with pytest.raises(NotAllowed):
        _received(auditor, at)
    assert not ListImport.objects.exists()


def test_the_night_takes_up_what_was_left(system: Actor, at: dt.datetime) -> None:
    _received(system, at)
    outcome = relink_changed_rows(actor=system, at=at)
    assert (outcome.rows_linked, outcome.persons) == (2, 2)
    assert set(Person.objects.values_list("card_number", flat=True)) == {"AB123456", "CD654321"}
