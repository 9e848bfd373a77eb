"""Posts: roles over territories by date, and the actor they make of an account."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from qafila.foundation.actors import DECIDING_ROLES, Actor, Role, Scope
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.institutions import actions, errors, posts, queries
from qafila.institutions.access import actor_of, must_use_second_factor
from qafila.institutions.models import Account, Post
from qafila.institutions.terms import PostTerms

from .conftest import TODAY, MakeAccount, MakeTerms, someone

pytestmark = pytest.mark.django_db
SOUSS_MASSA = {"09.001", "09.163", "09.273", "09.541", "09.551", "09.581"}


def test_a_province_a_region_and_the_country_become_a_scope(
    make_account: MakeAccount, terms: MakeTerms
) -> None:
    agent = actor_of(make_account("a", terms()), on=TODAY)
    staff = actor_of(make_account("b", terms("chamber_staff", region_id="09")), on=TODAY)
    lead = actor_of(make_account("c", terms("programme_lead", national=True)), on=TODAY)
    assert agent.scope_of(*Role) == Scope(False, frozenset({"09.541"}))
    assert staff.scope_of(*Role).province_codes == SOUSS_MASSA
    assert lead.scope_of(*Role) == Scope(national=True)
    assert agent.roles == {Role.COUNTER_AGENT}
    assert staff.roles == {Role.CHAMBER_STAFF}


def test_posts_of_one_account_add_up(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    account = make_account("a", terms())
    more = terms("field_agent", region_id="10")
    posts.hold_post(account_id=account.pk, terms=more, actor=brahim, at=at)
    actor = actor_of(account, on=TODAY)
    assert actor.roles == {Role.COUNTER_AGENT, Role.FIELD_AGENT}
    assert actor.scope_of(*Role).province_codes == {
        "09.541",
        "10.071",
        "10.261",
        "10.473",
        "10.521",
    }


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (dt.date(2026, 2, 28), False),
        (dt.date(2026, 3, 1), True),
        (dt.date(2026, 6, 30), True),
        (dt.date(2026, 7, 1), False),
    ],
)
def test_a_post_counts_from_its_first_to_its_last_day(
    make_account: MakeAccount, terms: MakeTerms, day: dt.date, held: bool
) -> None:
    dates = {"held_from": dt.date(2026, 3, 1), "held_until": dt.date(2026, 6, 30)}
    actor = actor_of(make_account("a", terms(**dates)), on=day)
    assert bool(actor.roles) is held
    assert actor.scope_of(*Role).covers("09.541") is held


def test_an_account_without_posts_sees_nothing(make_account: MakeAccount) -> None:
    actor = actor_of(make_account("a"), on=TODAY)
    assert (actor.roles, actor.scope_of(*Role)) == (frozenset(), Scope())


def test_the_actor_is_called_by_the_name_of_the_script_read(brahim: Actor, at: dt.datetime) -> None:
    actions.create_account(
        email="y@qafila.example", name="يوسف", name_latn="Youssef", actor=brahim, at=at
    )
    account = Account.objects.get(email="y@qafila.example")
    for language, name in (("ar", "يوسف"), ("fr", "Youssef"), ("zgh", "Youssef")):
        with translation.override(language):
            assert actor_of(account, on=TODAY).name == name


def test_a_request_costs_two_queries_at_most(make_account: MakeAccount, terms: MakeTerms) -> None:
    account = make_account("a", terms("directorate", region_id="09"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        must_use_second_factor(account, actor_of(account, on=TODAY))
    assert len(asked) == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_roles_that_decide_need_a_second_factor(
    make_account: MakeAccount, terms: MakeTerms, role: Role
) -> None:
    account = make_account("a", terms(role.value, region_id="09"))
    actor = actor_of(account, on=TODAY)
    assert must_use_second_factor(account, actor) is (role in DECIDING_ROLES)
    Authenticator.objects.create(user=account, type="recovery_codes", data={})
    assert must_use_second_factor(account, actor) is (role in DECIDING_ROLES)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    assert not must_use_second_factor(account, actor)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"role": "king"}, errors.RoleUnknown),
        ({"role": "system"}, errors.RoleUnknown),
        ({"institution_id": 0}, errors.InstitutionUnknown),
        ({"province_id": None}, errors.TerritoryMissing),
        ({"province_id": "", "region_id": ""}, errors.TerritoryMissing),
        ({"national": True, "region_id": "09"}, errors.TerritoryNotClear),
        ({"region_id": "09", "province_id": "09.541"}, errors.TerritoryNotClear),
        ({"region_id": "99"}, errors.PlaceUnknown),
        ({"province_id": "9.541"}, errors.PlaceUnknown),
        ({"held_until": dt.date(2025, 12, 31)}, errors.PostEndsBeforeItBegins),
    ],
)
def test_bad_terms_are_refused_with_a_sentence(
    brahim: Actor,
    make_account: MakeAccount,
    terms: MakeTerms,
    at: dt.datetime,
    changes: dict[str, object],
    refusal: type[DomainError],
) -> None:
    account = make_account("a")
    with pytest.raises(refusal) as refused:
        posts.hold_post(account_id=account.pk, terms=terms(**changes), actor=brahim, at=at)
    assert refused.value.sentence().endswith(".")
    assert not Post.objects.filter(account=account).exists()


def test_the_same_post_is_not_held_twice_at_a_time(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    until = terms(held_until=dt.date(2026, 6, 30))
    account = make_account("a", until)
    overlapping = terms(held_from=dt.date(2026, 6, 30))
    with pytest.raises(errors.PostAlreadyHeld):
        posts.hold_post(account_id=account.pk, terms=overlapping, actor=brahim, at=at)
    following = terms(held_from=dt.date(2026, 7, 1))
    assert posts.hold_post(account_id=account.pk, terms=following, actor=brahim, at=at).post_id


def test_an_administrator_appoints_within_their_territory_only(
    regional: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    account = make_account("a")

    def appoint(wanted: PostTerms) -> int:
        return posts.hold_post(account_id=account.pk, terms=wanted, actor=regional, at=at).post_id

    for beyond in (terms(national=True), terms(region_id="06"), terms(province_id="06.461")):
        with pytest.raises(errors.TerritoryNotYours):
            appoint(beyond)
    assert appoint(terms())
    assert appoint(terms("chamber_staff", region_id="09"))


def test_nobody_appoints_themselves(brahim: Actor, terms: MakeTerms, at: dt.datetime) -> None:
    own = Account.objects.get(actor_id=brahim.id)
    with pytest.raises(errors.NotForYourself):
        posts.hold_post(account_id=own.pk, terms=terms("auditor"), actor=brahim, at=at)
    with pytest.raises(errors.NotForYourself):
        posts.end_post(post_id=own.posts.get().pk, last_day=TODAY, actor=brahim, at=at)


def test_a_post_ends_with_its_last_day(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    account = make_account("a", terms())
    post = account.posts.get()
    done = posts.end_post(post_id=post.pk, last_day=TODAY, actor=brahim, at=at)
    assert done == posts.PostEnded(post.pk, TODAY)
    assert actor_of(account, on=TODAY).roles
    assert not actor_of(account, on=TODAY + dt.timedelta(days=1)).roles
    with pytest.raises(errors.PostAlreadyEnded):
        posts.end_post(post_id=post.pk, last_day=TODAY, actor=brahim, at=at)
    with pytest.raises(errors.PostEndsBeforeItBegins):
        posts.end_post(post_id=post.pk, last_day=dt.date(2025, 1, 1), actor=brahim, at=at)
    held = queries.posts_of(account.pk, scope=brahim.scope_of(*Role), language="fr")
    assert [(p.territory, p.held_until) for p in held] == [("Taroudannt", TODAY)]


def test_posts_elsewhere_are_not_found(
    regional: Actor, make_account: MakeAccount, terms: MakeTerms, at: dt.datetime
) -> None:
    post = make_account("far", terms(province_id="06.461")).posts.get()
    with pytest.raises(NotFoundInScope):
        posts.end_post(post_id=post.pk, last_day=TODAY, actor=regional, at=at)
    assert queries.posts_of(post.account_id, scope=regional.scope_of(*Role), language="fr") == []
    with pytest.raises(NotFoundInScope):
        queries.get_staff_member(
            post.account_id, scope=regional.scope_of(*Role), on=TODAY, language="fr"
        )


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMINISTRATOR, Role.SYSTEM)])
def test_only_administrators_give_and_end_posts(
    role: Role, terms: MakeTerms, at: dt.datetime
) -> None:
    with pytest.raises(NotAllowed):
        posts.hold_post(account_id=1, terms=terms(), actor=someone(role), at=at)
    with pytest.raises(NotAllowed):
        posts.end_post(post_id=1, last_day=TODAY, actor=someone(role), at=at)


def test_staff_are_listed_in_two_queries(
    brahim: Actor, make_account: MakeAccount, terms: MakeTerms
) -> None:
    for who in ("a", "b", "c"):
        make_account(who, terms())
    with CaptureQueriesContext(connection) as asked:
        members = queries.staff(scope=brahim.scope_of(*Role), on=TODAY, language="ar")
    assert (len(members), len(asked)) == (4, 2)
    assert members[0].posts[0].territory == "تارودانت"
