"""Settings: what a secret key and a mail server must look like; units that systemd accepts."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qafila.config import settings as own

DEPLOY = Path(settings.PROJECT) / "deploy"


def test_a_short_secret_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAFILA_SECRET_KEY", "x" * 49)
    with pytest.raises(ValueError, match="at least 50"):
        own._secret_key()
    monkeypatch.setenv("QAFILA_SECRET_KEY", "x" * 50)
    assert own._secret_key() == "x" * 50


def test_a_secret_key_is_made_whole_and_once(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "secret_key"
    first = own._kept_secret_key(kept)
    assert len(first) >= 50
    assert own._kept_secret_key(kept) == first
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(kept.parent.iterdir()) == [kept]
    kept.write_text(first[:20])
    with pytest.raises(ValueError, match="not whole"):
        own._kept_secret_key(kept)


def test_the_mail_server_is_one_setting() -> None:
    assert own._mail(None)["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    told = own._mail("smtp://ali:p%40ss@mail.example.ma:2525?tls=1")
    assert (told["EMAIL_HOST"], told["EMAIL_PORT"]) == ("mail.example.ma", 2525)
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("ali", "p@ss")
    assert (told["EMAIL_USE_TLS"], told["EMAIL_USE_SSL"]) == (True, False)
    assert own._mail("smtps://mail.example.ma")["EMAIL_PORT"] == 465
    with pytest.raises(ValueError, match="QAFILA_MAIL"):
        own._mail("mail.example.ma")


def test_behind_tls_cookies_are_of_this_host_alone() -> None:
    names = ("SESSION_COOKIE", "CSRF_COOKIE")
    asked = [f"{name}_{what}" for name in names for what in ("NAME", "SECURE", "HTTPONLY")]
    asked += ["SESSION_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
    script = f"from qafila.config import settings as s; print([getattr(s, n) for n in {asked}])"
    told = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "QAFILA_HTTPS": "1"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert ast.literal_eval(told) == [
        "__Host-sessionid", True, True, "__Host-csrftoken", True, True, "Lax", True, 31_536_000,
    ]  # fmt: skip


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    units = [path for path in sorted(DEPLOY.iterdir()) if path.suffix in (".service", ".timer")]
    assert len(units) == 5
    for path in units:
        # Where the program is installed is a matter of the machine.
        text = path.read_text().replace("/opt/qafila/.venv/bin/qafila", "/bin/true")
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / one.name) for one in units)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "qafila" in line]
    assert not ours, ours


@pytest.mark.django_db
def test_a_statement_ends_with_who_asked_for_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW client_connection_check_interval")
        assert cursor.fetchone() == ("10s",)
