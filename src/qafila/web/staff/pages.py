"""What administrators do about accounts and clients; about an administrator, two of them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qafila.care.access import may_set_up
from qafila.care.coverage_check.partners import partners
from qafila.care.coverage_check.registering import withdraw_client
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.institutions.access import may_administer, require_administering
from qafila.institutions.accounts import four_eyes, resets
from qafila.institutions.accounts.handing_over import hand_over_files
from qafila.institutions.actions import create_account, deactivate_account
from qafila.institutions.errors import SecondAdministratorNeeded
from qafila.institutions.posts import end_post, hold_post, read_terms, written_terms
from qafila.institutions.queries import HeldPost, StaffMember, get_staff_member, posts_of, staff
from qafila.web.acts.flow import NOTHING_MORE, Act, Done, act_page, sent_to
from qafila.web.design.components import Fact, Link
from qafila.web.design.rooms import Room
from qafila.web.records.tables import table_page
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of
from qafila.web.site.refusals import require, said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import language
from qafila.web.staff import presenter as shown
from qafila.web.staff.forms import AccountForm, EndPostForm, HandOverForm, PostForm

NAV = (
    NavItem(
        gettext_lazy("Accounts of the staff"),
        "staff",
        90,
        may=may_administer,
        room=Room.ADMINISTRATION,
    ),
    NavItem(
        gettext_lazy("Clients of the API"), "clients", 91, may=may_set_up, room=Room.ADMINISTRATION
    ),
)


@require_safe
@login_required
def staff_list(request: StaffRequest) -> HttpResponseBase:
    """The accounts of the territory, and what waits for a second administrator."""
    actor = request.actor
    require(may_administer(actor))
    scope = require_administering(actor)
    members = staff(scope=scope, on=clock.today(), language=language())
    asked = four_eyes.acts_asked(scope=scope)
    more = {"asked": shown.asked_shown(asked, actor)}
    table = shown.staff_table(members)
    return table_page(request, "staff", table, template="staff/page.html", more=more)


@require_safe
@login_required
def staff_member(request: StaffRequest, account_id: int) -> HttpResponse:
    """One account: its posts, and what can be done."""
    return _member_page(request, account_id, None)


def _member_page(
    request: StaffRequest, account_id: int, refused: HandOverForm | None
) -> HttpResponse:
    actor = request.actor
    require(may_administer(actor))
    scope = require_administering(actor)
    one = get_staff_member(account_id, scope=scope, on=clock.today(), language=language())
    asked = four_eyes.acts_asked(scope=scope, account_id=account_id)
    context = {
        "one": one,
        "name": shown.name_of(one),
        "state": shown.state_of(one),
        "posts": shown.posts_table(
            posts_of(account_id, scope=scope, language=language()), account_id, clock.today()
        ),
        "acts": shown.acts_open(one),
        "asked": shown.asked_shown(asked, actor),
        "form": refused or HandOverForm(None, colleagues=_colleagues(actor, account_id)),
    }
    return render(request, "staff/member.html", context, status=422 if refused else 200)


@login_required
@never_cache
def new_account(request: StaffRequest) -> HttpResponse:
    """Make an account; its first password is shown once, and changed at the first sign-in."""
    actor = request.actor
    require(may_administer(actor))
    form = AccountForm(sent_to(request))
    if request.method == "POST" and form.is_valid():
        password = secrets.token_urlsafe(12)
        with said_on(form, by_code={"email_taken": "email", "email_not_valid": "email"}):
            made = create_account(
                **form.cleaned_data,
                password=password,
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            return _password_page(request, made.account_id, password)
    refused = request.method == "POST"
    return render(request, "staff/new.html", {"form": form}, status=422 if refused else 200)


@login_required
def new_post(request: StaffRequest, account_id: int) -> HttpResponse:
    """Give an account a role over a territory; to make an administrator takes two."""
    actor = request.actor
    one = _member(actor, account_id)
    form = PostForm(sent_to(request), scope=require_administering(actor), today=clock.today())

    def do() -> Done:
        terms, at = form.terms(), clock.now()
        try:
            hold_post(account_id=account_id, terms=terms, actor=actor, at=at)
        except SecondAdministratorNeeded as needed:
            about = written_terms(terms)
            four_eyes.ask_for("hold_post", account_id=account_id, about=about, actor=actor, at=at)
            return Done(needed.sentence())
        return Done(_("The post was given."))

    act = Act(
        title=_("Give a post"),
        save=_("Give the post"),
        within=Link(shown.name_of(one), reverse("staff_member", args=[account_id])),
        facts=(Fact(_("Name"), shown.name_of(one)),),
    )
    return act_page(
        request, act, form, look=lambda: NOTHING_MORE, do=do, field_of=shown.FIELDS_OF_POSTS
    )


@login_required
def take_post(request: StaffRequest, account_id: int, post_id: int) -> HttpResponse:
    """End a post with its last day; of an administrator it takes two."""
    actor = request.actor
    one, post = _member(actor, account_id), _post(actor, account_id, post_id)
    form = EndPostForm(sent_to(request), today=clock.today())

    def do() -> Done:
        last_day, at = form.cleaned_data["last_day"], clock.now()
        try:
            end_post(post_id=post_id, last_day=last_day, actor=actor, at=at)
        except SecondAdministratorNeeded as needed:
            about = {"post_id": post_id, "last_day": last_day.isoformat()}
            four_eyes.ask_for("end_post", account_id=account_id, about=about, actor=actor, at=at)
            return Done(needed.sentence())
        return Done(_("The post ends on the day you wrote."))

    act = Act(
        title=_("End the post"),
        save=_("End the post"),
        within=Link(shown.name_of(one), reverse("staff_member", args=[account_id])),
        facts=(Fact(_("Name"), shown.name_of(one)), Fact(_("Post"), shown.post_told(post))),
        danger=True,
    )
    return act_page(request, act, form, look=lambda: NOTHING_MORE, do=do)


def _member(actor: Actor, account_id: int) -> StaffMember:
    require(may_administer(actor))
    scope = require_administering(actor)
    return get_staff_member(account_id, scope=scope, on=clock.today(), language=language())


def _post(actor: Actor, account_id: int, post_id: int) -> HeldPost:
    held = posts_of(account_id, scope=require_administering(actor), language=language())
    for post in held:
        if post.id == post_id:
            return post
    raise Http404


@require_POST
@login_required
def confirm_act(request: StaffRequest, act_id: int) -> HttpResponse:
    """Confirm, as a second administrator, a post that was asked for."""
    actor, at = request.actor, clock.now()
    scope = require_administering(actor)
    with said_above(request):
        asked = four_eyes.get_asked(act_id, scope=scope)
        if asked.act == "hold_post":
            terms = read_terms(asked.about)
            hold_post(account_id=asked.account_id, terms=terms, actor=actor, at=at)
            messages.success(request, _("The post was given."))
        elif asked.act == "end_post":
            last_day = dt.date.fromisoformat(asked.about["last_day"])
            end_post(post_id=asked.about["post_id"], last_day=last_day, actor=actor, at=at)
            messages.success(request, _("The post ends on the day that was asked for."))
    return redirect("staff")


def _colleagues(actor: Actor, account_id: int) -> list[tuple[str, str]]:
    scope = require_administering(actor)
    members: list[StaffMember] = staff(scope=scope, on=clock.today(), language=language())
    others = [one for one in members if one.is_active and one.account_id != account_id]
    return [(str(one.account_id), f"{shown.name_of(one)} ({one.email})") for one in others]


def _reset_password(account_id: int, actor: Actor, at: dt.datetime) -> str:
    password = secrets.token_urlsafe(12)
    resets.reset_password(account_id=account_id, password=password, actor=actor, at=at)
    return password


def _reopen(account_id: int, actor: Actor, at: dt.datetime) -> str:
    password = secrets.token_urlsafe(12)
    resets.reopen_account(account_id=account_id, password=password, actor=actor, at=at)
    return password


def _reset_second_factor(account_id: int, actor: Actor, at: dt.datetime) -> str:
    resets.reset_second_factor(account_id=account_id, actor=actor, at=at)
    return ""


def _close(account_id: int, actor: Actor, at: dt.datetime) -> str:
    deactivate_account(account_id=account_id, actor=actor, at=at)
    return ""


_DOING: dict[str, Callable[[int, Actor, dt.datetime], str]] = {
    "reset_password": _reset_password,
    "reset_second_factor": _reset_second_factor,
    "close": _close,
    "reopen": _reopen,
}


@require_POST
@login_required
@never_cache
def staff_act(request: StaffRequest, account_id: int, act: str) -> HttpResponse:
    """Do it; for an administrator's account ask a second one, or confirm what another asked.

    A new password is shown once, on the answer to this request alone.
    """
    actor, at = request.actor, clock.now()
    require_administering(actor)
    if act not in _DOING:
        raise Http404
    with said_above(request):
        try:
            password = _DOING[act](account_id, actor, at)
        except SecondAdministratorNeeded as needed:
            four_eyes.ask_for(act, account_id=account_id, actor=actor, at=at)
            messages.info(request, needed.sentence())
            return redirect("staff_member", account_id)
        if password:
            return _password_page(request, account_id, password)
        messages.success(request, str(shown.DONE[act]))
    return redirect("staff_member", account_id)


def _password_page(request: StaffRequest, account_id: int, password: str) -> HttpResponse:
    scope = require_administering(request.actor)
    one = get_staff_member(account_id, scope=scope, on=clock.today(), language=language())
    return render(request, "staff/password.html", {"one": one, "password": password})


@require_POST
@login_required
def refuse_act(request: StaffRequest, act_id: int) -> HttpResponse:
    """Let what was asked for an administrator's account not be done."""
    with said_above(request):
        four_eyes.refuse_act(act_id, actor=request.actor, at=clock.now())
        messages.success(request, _("It was not done."))
    return redirect("staff")


@require_POST
@login_required
def hand_over(request: StaffRequest, account_id: int) -> HttpResponse:
    """Hand the files of someone who leaves to a colleague."""
    actor = request.actor
    require_administering(actor)
    form = HandOverForm(request.POST, colleagues=_colleagues(actor, account_id))
    if not form.is_valid():
        return _member_page(request, account_id, form)
    with said_above(request):
        hand_over_files(
            account_id=account_id, to_id=form.cleaned_data["to"], actor=actor, at=clock.now()
        )
        messages.success(request, _("The files were handed over."))
    return redirect("staff_member", account_id)


@require_safe
@login_required
def clients(request: StaffRequest) -> HttpResponseBase:
    """The partners whose programs ask about cover, or send payments."""
    require(may_set_up(request.actor))
    table = shown.clients_table(partners())
    return table_page(request, "clients", table, template="staff/clients.html", more={})


@require_POST
@login_required
def withdraw(request: StaffRequest, client_id: str) -> HttpResponse:
    """Take a partner's access away: at once, in every process."""
    with said_above(request):
        withdraw_client(client_id=client_id, actor=request.actor, at=clock.now())
        messages.success(request, _("The client was withdrawn: its tokens hold no more."))
    return redirect("clients")


urlpatterns = [
    path("staff/", staff_list, name="staff"),
    path("staff/new/", new_account, name="new_account"),
    path("staff/<int:account_id>/posts/new/", new_post, name="new_post"),
    path("staff/<int:account_id>/posts/<int:post_id>/end/", take_post, name="take_post"),
    path("staff/asked/<int:act_id>/confirm/", confirm_act, name="confirm_act"),
    path("staff/<int:account_id>/", staff_member, name="staff_member"),
    path("staff/<int:account_id>/hand-over/", hand_over, name="hand_over"),
    path("staff/<int:account_id>/<str:act>/", staff_act, name="staff_act"),
    path("staff/asked/<int:act_id>/refuse/", refuse_act, name="refuse_act"),
    path("clients/", clients, name="clients"),
    path("clients/<str:client_id>/withdraw/", withdraw, name="withdraw_client"),
]
