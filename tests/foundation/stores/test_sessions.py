"""Sessions are one for all processes, and their rows give nothing away."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.management import call_command

from another_process import AnotherProcess
from qafila.foundation.stores.sealing import NotOpened, opened, seal, sealed_again
from qafila.foundation.stores.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_a_row_gives_neither_the_key_nor_the_contents_away() -> None:
    session = SessionStore()
    session["secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    [row] = Session.objects.all()
    assert session.session_key
    assert session.session_key not in row.session_key
    assert "JBSWY3DPEHPK3PXP" not in row.session_data
    assert SessionStore(session.session_key)["secret"] == "JBSWY3DPEHPK3PXP"
    # A key read from the database opens nothing.
    assert SessionStore(row.session_key).load() == {}


def test_an_ended_session_is_not_written_again() -> None:
    session = SessionStore()
    session["who"] = 1
    session.save()
    late = SessionStore(session.session_key)
    assert late["who"] == 1
    session.flush()
    late["who"] = 2
    with pytest.raises(UpdateError):
        late.save()
    assert not Session.objects.exists()


def test_a_new_key_takes_the_contents_along_and_ends_the_old_one() -> None:
    session = SessionStore()
    session["who"] = 1
    session.save()
    before = session.session_key
    session.cycle_key()
    assert SessionStore(session.session_key)["who"] == 1
    assert not SessionStore().exists(str(before))


def test_sessions_that_are_over_are_cleared() -> None:
    session = SessionStore()
    session["who"] = 1
    session.set_expiry(-5)
    session.save()
    assert SessionStore(session.session_key).load() == {}
    call_command("clearsessions")
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_signing_out_in_one_process_signs_out_in_each() -> None:
    session = SessionStore()
    session["who"] = 1
    session.save()
    first = "from qafila.foundation.stores.sessions import SessionStore"
    with AnotherProcess() as other:
        asked = f"SessionStore({session.session_key!r}).load()"
        assert other.told(asked, first) == {"who": 1}
        session.flush()
        assert other.told(asked) == {}


def test_sealed_texts_outlive_a_change_of_the_secret_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a" * 50, []
    sealed = seal("JBSWY3DPEHPK3PXP", "second factor")
    assert opened(sealed, "second factor") == "JBSWY3DPEHPK3PXP"
    with pytest.raises(NotOpened):
        opened(sealed, "session")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]
    assert opened(sealed, "second factor") == "JBSWY3DPEHPK3PXP"
    again = sealed_again(sealed, "second factor")
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(again, "second factor") == "JBSWY3DPEHPK3PXP"
    assert sealed_again(again, "second factor") == again
    with pytest.raises(NotOpened):
        opened(sealed, "second factor")
