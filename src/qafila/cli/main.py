"""The `qafila` command: thin, one module per subject."""

from __future__ import annotations

import os
import sys
from functools import cache

import typer

app = typer.Typer(
    name="qafila",
    help="Carries craftworkers from unknown to covered.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cache
def command_line() -> typer.Typer:
    """The command with everything registered."""
    from qafila.cli.demonstration.demo import demo
    from qafila.cli.house.backup import backup_app, restore
    from qafila.cli.house.database import database_app
    from qafila.cli.house.docs import docs_app
    from qafila.cli.house.doctor import doctor_app
    from qafila.cli.house.jobs import jobs_app
    from qafila.cli.house.serve import serve, worker
    from qafila.cli.house.translations import translations_app
    from qafila.cli.rooms.accounts import accounts_app
    from qafila.cli.rooms.api import api_app
    from qafila.cli.rooms.audit import audit_app
    from qafila.cli.rooms.care import care_app
    from qafila.cli.rooms.claims import claims_app
    from qafila.cli.rooms.enrolment import enrolment_app
    from qafila.cli.rooms.family import family_app
    from qafila.cli.rooms.law import law_app
    from qafila.cli.rooms.linkage import linkage_app
    from qafila.cli.rooms.lists import lists_app
    from qafila.cli.rooms.money.contributions import contributions_app
    from qafila.cli.rooms.money.months import months_app, relief
    from qafila.cli.rooms.people import people_app
    from qafila.cli.rooms.places import places_app
    from qafila.cli.rooms.register import register_app
    from qafila.cli.rooms.rights import rights_app

    app.command("demo")(demo)
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("restore")(restore)
    app.add_typer(backup_app, name="backup")
    app.add_typer(jobs_app, name="jobs")
    app.add_typer(lists_app, name="lists")
    app.add_typer(linkage_app, name="linkage")
    app.add_typer(law_app, name="law")
    app.add_typer(people_app, name="people")
    app.add_typer(register_app, name="register")
    app.add_typer(enrolment_app, name="enrolment")
    app.add_typer(family_app, name="family")
    app.add_typer(contributions_app, name="contributions")
    contributions_app.add_typer(months_app, name="months")
    contributions_app.command("relief")(relief)
    app.add_typer(places_app, name="places")
    app.add_typer(rights_app, name="rights")
    app.add_typer(care_app, name="care")
    app.add_typer(claims_app, name="claims")
    app.add_typer(accounts_app, name="accounts")
    app.add_typer(audit_app, name="audit")
    app.add_typer(database_app, name="database")
    app.add_typer(translations_app, name="translations")
    app.add_typer(docs_app, name="docs")
    app.add_typer(doctor_app, name="doctor")
    app.add_typer(api_app, name="api")
    return app


def main() -> None:
    """Run the command line; a refusal is one sentence on the error output and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    try:
        command_line()(standalone_mode=True)
    except Exception as error:
        sentence = _sentence_for(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _sentence_for(error: Exception) -> str | None:
    """The sentence of an error a person can act on; None for a fault of ours."""
    sentence = getattr(error, "sentence", None)
    if callable(sentence):
        return str(sentence())
    if type(error).__name__ == "EmbeddedPostgresError":
        return str(error)
    return None
