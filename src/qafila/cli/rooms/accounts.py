"""`qafila accounts …`: who can sign in."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from qafila.cli.django_setup import prepare_django
from qafila.cli.rooms.acting import day_of, tell

if TYPE_CHECKING:
    from qafila.institutions.queries import StaffMember
    from qafila.institutions.terms import PostTerms

accounts_app = typer.Typer(help="Accounts of the staff and their posts.", no_args_is_help=True)


@accounts_app.command("list")
def list_accounts() -> None:
    """Show every account with the posts held today."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.institutions import labels, queries

    members = queries.staff(scope=WHOLE_COUNTRY, on=clock.today(), language=_language())
    headings = (labels.EMAIL, labels.NAME, labels.POSTS_HELD_TODAY, labels.SECOND_FACTOR)
    table = Table(*map(str, headings), str(labels.STATE))
    for member in members:
        second = str(
            labels.WITH_SECOND_FACTOR if member.has_second_factor else labels.WITHOUT_SECOND_FACTOR
        )
        state = str(labels.OPEN if member.is_active else labels.CLOSED)
        table.add_row(
            member.email,
            member.name_latn or member.name,
            _posts(member),
            second,
            state,
        )
    Console().print(table)


@accounts_app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name, in Arabic where known.")],
    name_latn: Annotated[str, typer.Option(help="The name in Latin letters.")] = "",
    language: Annotated[str, typer.Option(help="ar, fr or zgh.")] = "ar",
    role: Annotated[str | None, typer.Option(help="Such as counter_agent.")] = None,
    national: Annotated[bool, typer.Option("--national", help="Over the whole country.")] = False,
    region: Annotated[str | None, typer.Option(help="Over a region, such as 06.")] = None,
    province: Annotated[str | None, typer.Option(help="Over a province, such as 06.461.")] = None,
    institution: Annotated[
        int | None, typer.Option(help="Number of the institution; else the usual one.")
    ] = None,
) -> None:
    """Create an account with a generated password, shown once, and its first post if given."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila.institutions import actions, labels

    post = _terms(role, institution, national, region, province, clock.today()) if role else None
    password = secrets.token_urlsafe(12)
    actions.create_account(
        email=email,
        name=name,
        name_latn=name_latn,
        language=language,
        password=password,
        first_post=post,
        actor=system_actor("command line"),
        at=clock.now(),
    )
    typer.echo(labels.PASSWORD_SHOWN_ONCE % {"email": email, "password": password})


@accounts_app.command("code")
def code(email: Annotated[str, typer.Argument(help="A demonstration account.")]) -> None:
    """Print the six digits a demonstration account signs in with now."""
    prepare_django()
    from qafila.demonstration import accounts
    from qafila.foundation import clock

    typer.echo(accounts.current_code(email, at=clock.now()))


Email = Annotated[str, typer.Argument(help="The address the account signs in with.")]


@accounts_app.command("reset-password")
def reset_password(email: Email) -> None:
    """Give an account a new generated password, shown once; its sessions end."""
    prepare_django()
    from qafila.institutions import labels
    from qafila.institutions.accounts import resets

    password = secrets.token_urlsafe(12)
    resets.reset_password(account_id=resets.account_of(email), password=password, **_acting())
    typer.echo(labels.PASSWORD_SHOWN_ONCE % {"email": email, "password": password})


@accounts_app.command("reset-second-factor")
def reset_second_factor(email: Email) -> None:
    """Remove an account's second factors; another is set up at the next sign-in."""
    prepare_django()
    from qafila.institutions.accounts import resets

    resets.reset_second_factor(account_id=resets.account_of(email), **_acting())


@accounts_app.command("close")
def close(email: Email) -> None:
    """Close an account: it cannot sign in any more, its sessions and its posts end."""
    prepare_django()
    from qafila.institutions import actions
    from qafila.institutions.accounts import resets

    actions.deactivate_account(account_id=resets.account_of(email), **_acting())


@accounts_app.command("reopen")
def reopen(email: Email) -> None:
    """Open a closed account again, with a new password shown once and without posts."""
    prepare_django()
    from qafila.institutions import labels
    from qafila.institutions.accounts import resets

    password = secrets.token_urlsafe(12)
    resets.reopen_account(account_id=resets.account_of(email), password=password, **_acting())
    typer.echo(labels.PASSWORD_SHOWN_ONCE % {"email": email, "password": password})


@accounts_app.command("reseal")
def reseal() -> None:
    """Seal passwords and second factors with the present secret key, after it was changed.

    Prints how many second factors and how many passwords were sealed again. Whoever is signed in
    signs in again.
    """
    prepare_django()
    from qafila.institutions.accounts import resets

    typer.echo(resets.reseal_second_factors(**_acting()))
    typer.echo(resets.reseal_passwords(**_acting()))


@accounts_app.command("end-post")
def end_post(
    post: Annotated[int, typer.Argument(help="Number of the post, as the list shows it.")],
    last_day: Annotated[str, typer.Option(help="Last day held, such as 2026-11-30.")],
) -> None:
    """End a post with its last day, past, today or announced."""
    prepare_django()
    from qafila.institutions import posts

    tell(posts.end_post(post_id=post, last_day=day_of(last_day), **_acting()))


@accounts_app.command("hold-post")
def hold_post(
    email: Email,
    role: Annotated[str, typer.Option(help="Such as counter_agent.")],
    national: Annotated[bool, typer.Option("--national", help="Over the whole country.")] = False,
    region: Annotated[str | None, typer.Option(help="Over a region, such as 06.")] = None,
    province: Annotated[str | None, typer.Option(help="Over a province, such as 06.461.")] = None,
    institution: Annotated[
        int | None, typer.Option(help="Number of the institution; else the usual one.")
    ] = None,
) -> None:
    """Give an account a further post from today on: a role over a territory."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.institutions import posts
    from qafila.institutions.accounts import resets

    terms = _terms(role, institution, national, region, province, clock.today())
    tell(posts.hold_post(account_id=resets.account_of(email), terms=terms, **_acting()))


@accounts_app.command("language")
def language(
    email: Email,
    to: Annotated[str, typer.Option(help="ar, fr or zgh.")],
) -> None:
    """Set the language of somebody's pages."""
    prepare_django()
    from qafila.institutions import actions
    from qafila.institutions.accounts import resets

    account = resets.account_of(email)
    tell(actions.change_language(account_id=account, language=to, **_acting()))


def _acting() -> dict[str, Any]:
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    return {"actor": system_actor("command line"), "at": clock.now()}


def _terms(
    role: str,
    institution: int | None,
    national: bool,
    region: str | None,
    province: str | None,
    today: dt.date,
) -> PostTerms:
    from qafila.institutions import queries
    from qafila.institutions.terms import PostTerms

    if institution is None:
        region_code = region or (province or "")[:2] or None
        usual = queries.find_usual_institution(region_code=region_code, year=today.year)
        institution = usual.pk if usual else 0
    return PostTerms(
        role=role,
        institution_id=institution,
        held_from=today,
        national=national,
        region_id=region,
        province_id=province,
    )


def _posts(member: StaffMember) -> str:
    from qafila.institutions.labels import WHOLE_COUNTRY
    from qafila.institutions.role_names import role_name

    return "\n".join(
        f"{post.id}: {role_name(post.role)}, {post.territory or WHOLE_COUNTRY}, {post.institution}"
        for post in member.posts
    )


def _language() -> str:
    from django.utils.translation import get_language

    return get_language() or "fr"
