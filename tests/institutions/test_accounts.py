"""Making and closing accounts, and their language."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.test import RequestFactory

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.foundation.journal import sentence_of
from qafila.foundation.models import JournalEntry
from qafila.institutions import actions, errors, posts, queries
from qafila.institutions.access import actor_of
from qafila.institutions.models import Account, Post

from .conftest import TODAY, MakeAccount, MakeTerms, someone

pytestmark = pytest.mark.django_db
PASSWORD = "tagine-rouge-42"


def test_an_account_signs_in_with_its_password(brahim: Actor, at: dt.datetime) -> None:
    actions.create_account(
        email=" Youssef@Qafila.Example ", name="يوسف", password=PASSWORD, actor=brahim, at=at
    )
    request = RequestFactory().post("/accounts/login/")
    known = authenticate(request, email="youssef@qafila.example", password=PASSWORD)
    assert isinstance(known, Account)
    assert authenticate(request, email="youssef@qafila.example", password="other") is None
    assert EmailAddress.objects.get(user=known).verified


def test_an_account_without_a_password_cannot_sign_in_yet(make_account: MakeAccount) -> None:
    assert not make_account("driss").has_usable_password()


def test_the_journal_tells_who_was_given_what(
    brahim: Actor, at: dt.datetime, terms: MakeTerms
) -> None:
    made = actions.create_account(
        email="y@qafila.example", name="يوسف", first_post=terms(), actor=brahim, at=at
    )
    entries = JournalEntry.objects.filter(
        subject_type="institutions.account", subject_id=made.account_id
    ).order_by("pk")
    assert [entry.verb for entry in entries] == [
        "institutions.account_created",
        "institutions.post_held",
    ]
    assert {entry.actor_id for entry in entries} == {brahim.id}
    assert "يوسف" in sentence_of(entries[0])
    assert "09.541" in sentence_of(entries[1])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"email": "not an address"}, errors.EmailNotValid),
        ({"email": "BRAHIM@qafila.example"}, errors.EmailTaken),
        ({"name": "  "}, errors.NameMissing),
        ({"password": "12345678"}, errors.PasswordTooWeak),
        ({"password": "abc"}, errors.PasswordTooWeak),
        ({"language": "en"}, errors.LanguageUnknown),
    ],
)
def test_bad_input_is_refused_with_a_sentence(
    brahim: Actor, at: dt.datetime, changes: dict[str, str], refusal: type[DomainError]
) -> None:
    given = {"email": "a@qafila.example", "name": "A"} | changes
    with pytest.raises(refusal) as refused:
        actions.create_account(**given, actor=brahim, at=at)  # type: ignore[arg-type]
    assert refused.value.sentence().endswith(".")
    assert Account.objects.count() == 1


def test_a_bad_first_post_leaves_no_account_behind(
    brahim: Actor, at: dt.datetime, terms: MakeTerms
) -> None:
    with pytest.raises(errors.RoleUnknown):
        actions.create_account(
            email="a@qafila.example", name="A", first_post=terms("king"), actor=brahim, at=at
        )
    assert Account.objects.count() == 1


def test_the_same_command_twice_makes_one_account(brahim: Actor, at: dt.datetime) -> None:
    command = uuid.UUID(int=7)

    def create() -> actions.AccountCreated:
        return actions.create_account(
            email="a@qafila.example", name="A", actor=brahim, at=at, command_id=command
        )

    first = create()
    with pytest.raises(errors.EmailTaken):
        actions.create_account(email="a@qafila.example", name="A", actor=brahim, at=at)
    assert create() == first


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMINISTRATOR, Role.SYSTEM)])
def test_only_administrators_make_and_close_accounts(role: Role, at: dt.datetime) -> None:
    actor = someone(role)
    with pytest.raises(NotAllowed):
        actions.create_account(email="a@qafila.example", name="A", actor=actor, at=at)
    with pytest.raises(NotAllowed):
        actions.deactivate_account(account_id=1, actor=actor, at=at)


def test_a_closed_account_cannot_sign_in_and_its_posts_end(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    account = make_account("driss", terms())
    posts.hold_post(
        account_id=account.pk,
        terms=terms("field_agent", held_from=dt.date(2027, 1, 1)),
        actor=brahim,
        at=at,
    )
    done = actions.deactivate_account(account_id=account.pk, actor=brahim, at=at)
    account.refresh_from_db()
    assert (account.is_active, done.posts_ended) == (False, 2)
    assert actor_of(account, on=TODAY).roles == frozenset()
    assert list(Post.objects.filter(account=account).values_list("held_until", flat=True)) == [
        TODAY
    ]
    with pytest.raises(errors.AccountClosed):
        actions.deactivate_account(account_id=account.pk, actor=brahim, at=at)
    with pytest.raises(errors.AccountClosed):
        posts.hold_post(account_id=account.pk, terms=terms(), actor=brahim, at=at)


def test_nobody_closes_their_own_account(brahim: Actor, at: dt.datetime) -> None:
    own = Account.objects.get(actor_id=brahim.id)
    with pytest.raises(errors.NotForYourself):
        actions.deactivate_account(account_id=own.pk, actor=brahim, at=at)


def test_an_administrator_of_a_region_does_not_see_accounts_elsewhere(
    regional: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    near, far = make_account("near", terms()), make_account("far", terms(province_id="06.461"))
    wide = make_account("wide", terms("auditor", national=True))
    over = make_account("over", terms("directorate", region_id="06"))
    seen = queries.staff(scope=regional.scope_of(*Role), on=TODAY, language="fr")
    assert {member.name for member in seen} == {"regional", "near"}
    for hidden in (far, wide, over):
        with pytest.raises(NotFoundInScope):
            actions.deactivate_account(account_id=hidden.pk, actor=regional, at=at)
    assert actions.deactivate_account(account_id=near.pk, actor=regional, at=at).posts_ended == 1


def test_people_change_their_own_language_and_administrators_that_of_others(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    account = make_account("driss", terms())
    own = actor_of(account, on=TODAY)
    actions.change_language(account_id=account.pk, language="zgh", actor=own, at=at)
    account.refresh_from_db()
    assert account.language == "zgh"
    actions.change_language(account_id=account.pk, language="fr", actor=brahim, at=at)
    actions.change_language(account_id=account.pk, language="fr", actor=brahim, at=at)
    changes = JournalEntry.objects.filter(verb="institutions.language_changed").order_by("pk")
    assert [change.data["language"] for change in changes] == ["zgh", "fr"]


def test_agents_do_not_change_the_language_of_others(
    make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    driss, salma = make_account("driss", terms()), make_account("salma", terms())
    with pytest.raises(NotAllowed):
        actions.change_language(
            account_id=salma.pk, language="fr", actor=actor_of(driss, on=TODAY), at=at
        )
    with pytest.raises(errors.LanguageUnknown):
        actions.change_language(
            account_id=driss.pk, language="en", actor=actor_of(driss, on=TODAY), at=at
        )
