"""What the traces say of a person and of an agent, quickly and within the territory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from tests.register.factories import AT, hired, person, places, system

from qafila.audit.queries import (
    A_PAGE,
    day_in_figures,
    get_agent,
    looks_told_to,
    sign_ins,
    traces_of_agent,
    traces_of_person,
)
from qafila.foundation.access_log import (
    forget_sign_ins,
    record_list_read,
    record_read,
    record_sign_in,
)
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting, system_actor
from qafila.institutions.models import Account
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.privacy.treatments import kept_since

pytestmark = pytest.mark.django_db
TODAY = day_of(AT)


@pytest.fixture(autouse=True)
def _places() -> None:
    places()


def account_id(actor: Any) -> int:
    return Account.objects.get(actor_id=actor.id).pk


def test_who_saw_and_changed_a_person_with_the_post_of_that_day() -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    record_read(fatima.pk, actor=karim, at=AT, reason="following_up", place="money")
    later = AT + dt.timedelta(hours=1)
    correct_person(
        fatima.pk, changes={"full_name_latn": Correction(fatima.full_name_latn, "Fatima Zahra")},
        actor=hired(Role.PROGRAMME_LEAD), at=later,
    )  # fmt: skip
    changed, read = traces_of_person(fatima.pk, scope=WHOLE_COUNTRY)
    assert (changed.kind, read.kind) == ("changed", "read")
    assert "Fatima Zahra" in changed.sentence
    assert (read.at, read.place, read.reason) == (AT, "money", "following_up")
    [post] = read.posts
    assert (post.role, post.institution_fr) == (Role.FUND_LIAISON, "Ministère")
    assert read.account_id == account_id(karim)


def test_a_post_of_another_day_is_not_told() -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    long_ago = dt.datetime(2021, 5, 4, 10, tzinfo=dt.UTC)
    record_read(fatima.pk, actor=karim, at=long_ago, reason="serving", place="file")
    [read] = traces_of_person(fatima.pk, scope=WHOLE_COUNTRY)
    assert read.posts == ()


def test_looks_at_a_file_merged_into_this_one_are_its_own() -> None:
    kept, gone, karim = person(), person(), hired(Role.FUND_LIAISON)
    record_read(gone.pk, actor=karim, at=AT, reason="serving", place="file")
    merge_persons(kept.pk, gone.pk, evidence={}, actor=system(), at=AT)
    found = traces_of_person(kept.pk, scope=WHOLE_COUNTRY)
    assert "read" in {one.kind for one in found}


def test_outside_the_territory_there_is_nothing() -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    elsewhere = Scope(province_codes=frozenset({"06.141"}))
    with pytest.raises(NotFoundInScope):
        traces_of_person(fatima.pk, scope=elsewhere)
    with pytest.raises(NotFoundInScope):
        get_agent(account_id(karim), scope=elsewhere)  # looks after the whole country


def test_what_an_agent_did_in_a_day() -> None:
    karim = hired(Role.FUND_LIAISON)
    first, second = person(), person()
    record_sign_in("signed_in", actor_id=karim.id, at=AT, address="192.0.2.7")
    for minutes, one in enumerate((first, second, first)):
        moment = AT + dt.timedelta(minutes=20 * minutes)
        record_read(one.pk, actor=karim, at=moment, reason="serving", place="file")
    record_list_read(30, actor=karim, at=AT, place="arrears", asked="age=new")
    record_list_read(400, actor=karim, at=AT, place="arrears", asked="as=csv")
    record_read(first.pk, actor=karim, at=AT - dt.timedelta(days=1), reason="serving", place="file")
    agent = get_agent(account_id(karim), scope=WHOLE_COUNTRY)
    figures = day_in_figures(agent, TODAY, scope=WHOLE_COUNTRY)
    assert (figures.files, figures.lists, figures.people_listed, figures.exports) == (2, 2, 430, 1)
    found = traces_of_agent(agent, TODAY, scope=WHOLE_COUNTRY)
    assert sorted(one.kind for one in found) == ["listed"] * 2 + ["read"] * 3 + ["signed_in"]
    assert found[0].at > found[-1].at
    assert {one.address for one in found} == {"", "192.0.2.7"}


def test_pages_follow_one_another_without_a_gap() -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    with acting(system(), at=AT), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_access_log_entry (person_id, reader_id, at, reason, place)"
            " SELECT %s, %s, %s - n * interval '11 minutes', 'serving', 'file'"
            " FROM generate_series(1, 60) n",
            [fatima.pk, karim.id, AT],
        )
    first = traces_of_person(fatima.pk, scope=WHOLE_COUNTRY)
    second = traces_of_person(fatima.pk, scope=WHOLE_COUNTRY, page=2)
    assert (len(first), len(second)) == (A_PAGE + 1, 10)
    moments = [one.at for one in first[:A_PAGE] + second]
    assert moments == sorted(set(moments), reverse=True)
    assert len(moments) == 60


def test_tries_without_an_account_are_seen_by_the_country_alone() -> None:
    record_sign_in("wrong_password", actor_id=None, at=AT, address="192.0.2.7")
    record_sign_in("signed_in", actor_id=hired(Role.AUDITOR).id, at=AT, address="192.0.2.8")
    assert len(sign_ins(TODAY, scope=WHOLE_COUNTRY, refused_only=False)) == 2
    [refused] = sign_ins(TODAY, scope=WHOLE_COUNTRY, refused_only=True)
    assert (refused.kind, refused.account_id, refused.name) == ("wrong_password", None, "")
    elsewhere = Scope(province_codes=frozenset({"06.141"}))
    assert sign_ins(TODAY, scope=elsewhere, refused_only=False) == []


def test_the_person_is_told_institutions_and_roles_but_no_names() -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    for minutes in (0, 30):
        moment = AT + dt.timedelta(minutes=minutes)
        record_read(fatima.pk, actor=karim, at=moment, reason="following_up", place="file")
    own = system_actor("personal link")
    record_read(fatima.pk, actor=own, at=AT, reason="serving", place="mine")
    [told] = looks_told_to(fatima.pk)
    assert (told.day, told.role, told.institution_fr) == (TODAY, "fund_liaison", "Ministère")
    assert (told.reason, told.looks) == ("following_up", 2)
    assert karim.name not in str(told)


def test_sign_ins_are_kept_as_long_as_the_register_says() -> None:
    old = AT - dt.timedelta(days=400)
    record_sign_in("signed_in", actor_id=None, at=old, address="192.0.2.7")
    record_sign_in("signed_in", actor_id=None, at=AT, address="192.0.2.7")
    since = kept_since("foundation.SignInEntry", AT)
    assert forget_sign_ins(before=since, actor=system()) == 1
    assert len(sign_ins(TODAY, scope=WHOLE_COUNTRY, refused_only=False)) == 1
    assert sign_ins(day_of(old), scope=WHOLE_COUNTRY, refused_only=False) == []


def test_few_statements_whatever_there_is(django_assert_max_num_queries: Any) -> None:
    fatima, karim = person(), hired(Role.FUND_LIAISON)
    for minutes in range(0, 200, 20):
        moment = AT + dt.timedelta(minutes=minutes)
        record_read(fatima.pk, actor=karim, at=moment, reason="serving", place="file")
    with django_assert_max_num_queries(3):
        assert len(traces_of_person(fatima.pk, scope=WHOLE_COUNTRY)) == 10
