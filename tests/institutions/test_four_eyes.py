"""About an administrator two administrators decide; files of who leaves are a colleague's."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.institutions.conftest import TODAY, MakeAccount, MakeTerms

from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions import errors, posts
from qafila.institutions.access import actor_of, own_and_handed_over
from qafila.institutions.accounts import four_eyes, resets
from qafila.institutions.accounts.handing_over import hand_over_files
from qafila.institutions.actions import deactivate_account
from qafila.institutions.models import Account, AskedAct
from qafila.lists.access import imports_visible
from qafila.lists.models import ListImport
from qafila.people.access import seen_by

PASSWORD = "safran-argane-1979"


@pytest.fixture
def admins(make_account: MakeAccount, terms: MakeTerms) -> list[Account]:
    return [
        make_account(name, terms("administrator", national=True))
        for name in ("brahim", "latifa", "omar")
    ]


def acting_as(account: Account) -> Actor:
    return actor_of(account, on=TODAY)


def close(account: Account, actor: Actor, at: dt.datetime) -> None:
    deactivate_account(account_id=account.pk, actor=actor, at=at)


def test_one_administrator_alone_changes_nothing_of_another(
    admins: list[Account], at: dt.datetime
) -> None:
    brahim, latifa, _omar = admins
    who = {"account_id": latifa.pk, "actor": acting_as(brahim), "at": at}
    for act in (
        lambda: resets.reset_password(password=PASSWORD, **who),
        lambda: resets.reset_second_factor(**who),
        lambda: deactivate_account(**who),
    ):
        with pytest.raises(errors.SecondAdministratorNeeded):
            act()
    latifa.refresh_from_db()
    assert latifa.is_active
    assert not latifa.check_password(PASSWORD)


def test_a_second_one_does_what_the_first_asked(admins: list[Account], at: dt.datetime) -> None:
    brahim, latifa, omar = admins
    for _ in range(2):
        four_eyes.ask_for("close", account_id=latifa.pk, actor=acting_as(brahim), at=at)
    [asked] = four_eyes.acts_asked(scope=seen_by(acting_as(omar)))
    assert (asked.account_id, asked.act, asked.asked_by) == (latifa.pk, "close", "brahim")
    with pytest.raises(errors.SecondAdministratorNeeded):
        close(latifa, acting_as(brahim), at)  # whoever asked does not confirm
    with pytest.raises(errors.NotForYourself):
        close(latifa, acting_as(latifa), at)
    close(latifa, acting_as(omar), at)
    assert not Account.objects.get(pk=latifa.pk).is_active
    done = AskedAct.objects.get()
    assert (done.state, done.decided_by_id) == ("done", omar.actor_id)
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["institutions.act_asked", "institutions.account_deactivated"]


def test_what_was_asked_holds_for_that_act_alone(admins: list[Account], at: dt.datetime) -> None:
    brahim, latifa, omar = admins
    four_eyes.ask_for("close", account_id=latifa.pk, actor=acting_as(brahim), at=at)
    with pytest.raises(errors.SecondAdministratorNeeded):
        resets.reset_password(account_id=latifa.pk, password=PASSWORD, actor=acting_as(omar), at=at)


def test_what_was_refused_is_not_done(admins: list[Account], at: dt.datetime) -> None:
    brahim, latifa, omar = admins
    four_eyes.ask_for("close", account_id=latifa.pk, actor=acting_as(brahim), at=at)
    [asked] = four_eyes.acts_asked(scope=seen_by(acting_as(omar)), account_id=latifa.pk)
    four_eyes.refuse_act(asked.act_id, actor=acting_as(latifa), at=at)
    with pytest.raises(errors.ActUnknown):
        four_eyes.refuse_act(asked.act_id, actor=acting_as(omar), at=at)
    with pytest.raises(errors.SecondAdministratorNeeded):
        close(latifa, acting_as(omar), at)


def test_other_accounts_need_one_and_the_server_is_exempt(
    admins: list[Account], make_account: MakeAccount, terms: MakeTerms, system: Actor,
    at: dt.datetime,
) -> None:  # fmt: skip
    brahim, latifa, _omar = admins
    youssef = make_account("youssef", terms())
    close(youssef, acting_as(brahim), at)
    close(latifa, system, at)
    assert not Account.objects.filter(pk__in=[youssef.pk, latifa.pk], is_active=True).exists()


def test_others_ask_nothing(
    admins: list[Account], make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    youssef = make_account("youssef", terms())
    regional = make_account("regional", terms("administrator", region_id="09"))
    with pytest.raises(NotAllowed):
        four_eyes.ask_for("close", account_id=admins[0].pk, actor=acting_as(youssef), at=at)
    with pytest.raises(NotFoundInScope):
        four_eyes.ask_for("close", account_id=admins[0].pk, actor=acting_as(regional), at=at)


def test_the_files_of_who_leaves_are_seen_by_the_colleague(
    make_account: MakeAccount, terms: MakeTerms, system: Actor, at: dt.datetime,
    admins: list[Account],
) -> None:  # fmt: skip
    hassan, salma = (make_account(name, terms("chamber_staff")) for name in ("hassan", "salma"))
    youssef = make_account("youssef", terms())
    with acting(system, at=at):
        imported = ListImport.objects.create(
            file_name="list.csv", sha256="0" * 64, size_bytes=1, state="linked",
            imported_by_id=hassan.actor_id, imported_at=at,
        )  # fmt: skip
    actor = acting_as(salma)
    assert not imports_visible(seen_by(actor), actor=actor).exists()
    who = {"actor": acting_as(admins[0]), "at": at}
    hand_over_files(account_id=hassan.pk, to_id=youssef.pk, **who)
    hand_over_files(account_id=youssef.pk, to_id=salma.pk, **who)
    assert sorted(own_and_handed_over(actor)) == sorted(
        [salma.actor_id, hassan.actor_id, youssef.actor_id]
    )
    assert imports_visible(seen_by(actor), actor=actor).get() == imported
    assert ListImport.objects.get().imported_by_id == hassan.actor_id
    entry = JournalEntry.objects.filter(verb="institutions.handed_over").first()
    assert entry is not None


def test_files_are_handed_to_somebody_else_who_is_there(
    make_account: MakeAccount, terms: MakeTerms, admins: list[Account], at: dt.datetime,
    system: Actor,
) -> None:  # fmt: skip
    hassan, salma = (make_account(name, terms("chamber_staff")) for name in ("hassan", "salma"))
    close(salma, system, at)
    who = {"account_id": hassan.pk, "actor": acting_as(admins[0]), "at": at}
    for to in (hassan, salma):
        with pytest.raises(errors.NotToThemselves):
            hand_over_files(to_id=to.pk, **who)
    with pytest.raises(NotAllowed):
        hand_over_files(**who | {"actor": acting_as(hassan), "to_id": salma.pk})


def test_to_make_an_administrator_takes_two_and_the_terms_are_the_same(
    admins: list[Account], make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    brahim, latifa, _omar = admins
    youssef, wanted = make_account("youssef"), terms("administrator", region_id="09")
    about = posts.written_terms(wanted)
    give = {"account_id": youssef.pk, "at": at}
    for _ in range(2):
        with pytest.raises(errors.SecondAdministratorNeeded):
            posts.hold_post(terms=wanted, actor=acting_as(brahim), **give)  # type: ignore[arg-type]
        four_eyes.ask_for("hold_post", about=about, actor=acting_as(brahim), **give)  # type: ignore[arg-type]
    more = terms("administrator", national=True)
    other = posts.written_terms(more)
    with pytest.raises(errors.AnotherAsked):
        four_eyes.ask_for("hold_post", about=other, actor=acting_as(latifa), **give)  # type: ignore[arg-type]
    with pytest.raises(errors.SecondAdministratorNeeded):
        posts.hold_post(terms=more, actor=acting_as(latifa), **give)  # type: ignore[arg-type]
    posts.hold_post(terms=posts.read_terms(about), actor=acting_as(latifa), **give)  # type: ignore[arg-type]
    assert youssef.posts.get().region_id == "09"
    assert AskedAct.objects.get().state == "done"


def test_to_end_a_post_of_administrator_takes_two(admins: list[Account], at: dt.datetime) -> None:
    brahim, latifa, omar = admins
    post = omar.posts.get()
    about = {"post_id": post.pk, "last_day": TODAY.isoformat()}
    with pytest.raises(errors.SecondAdministratorNeeded):
        posts.end_post(post_id=post.pk, last_day=TODAY, actor=acting_as(brahim), at=at)
    four_eyes.ask_for("end_post", account_id=omar.pk, about=about, actor=acting_as(brahim), at=at)
    posts.end_post(post_id=post.pk, last_day=TODAY, actor=acting_as(latifa), at=at)
    post.refresh_from_db()
    assert post.held_until == TODAY
