"""What a look at people leaves behind: pages get at a person, and show people, through here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.accompaniment.queries import with_standing
from qafila.foundation import clock
from qafila.foundation.access_log import record_list_read
from qafila.foundation.actors import Scope
from qafila.people.access import Along, PersonFile, open_file
from qafila.web.design.figures import number_text
from qafila.web.design.table_files import table_file
from qafila.web.site.requests import StaffRequest


def opened(
    request: StaffRequest,
    person_id: int,
    place: str,
    *,
    along: Along = with_standing,
    scope: Scope | None = None,
) -> PersonFile:
    """The file for a page called `place`, the look logged. As `people.access.open_file`.

    Where the person stands comes along, for the head that each page of the file shows.
    """
    actor, at = request.actor, clock.now()
    return open_file(person_id, actor=actor, at=at, place=place, along=along, scope=scope)


def listed(request: StaffRequest, people: int, place: str, /, **asked: object) -> None:
    """Log that a page called `place` showed so many people; `asked` is codes of filters only."""
    told = " ".join(f"{name}={value}" for name, value in asked.items() if value not in (None, ""))
    record_list_read(people, actor=request.actor, at=clock.now(), place=place, asked=told)


def people_file(
    request: StaffRequest,
    name: str,
    kind: str,
    headings: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    place: str,
    **asked: object,
) -> HttpResponseBase:
    """As `table_file`, for a table with a row for each person: logged with how many they are."""
    counted = _Counted(rows)
    response = table_file(name, kind, headings, counted)
    listed(request, counted.number, place, kind=kind, **asked)
    return response


def too_many(most: int) -> str:
    """What is said where a file or a sheet leaves rows out."""
    told = _("There are more rows than the %(most)s given here. Narrow the list by its filters.")
    return told % {"most": number_text(most)}


def list_file(
    request: StaffRequest,
    name: str,
    kind: str,
    headings: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    most: int,
    people: bool,
    asked: Mapping[str, object],
) -> HttpResponseBase:
    """At most `most` rows of a list as a file, and a last one that says when there are more.

    `people`: each row is about a person, so it is logged with how many they are; `asked` as in
    `listed`.
    """
    counted = _Counted(rows, most)
    response = table_file(name, kind, headings, counted)
    if people:
        listed(request, counted.number, name, **{**asked, "as": kind})
    return response


class _Counted:
    """Rows passed on one by one, and how many they were."""

    def __init__(self, rows: Iterable[Sequence[Any]], most: int | None = None) -> None:
        self._rows = rows
        self._most = most
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            if self._most is not None and self.number == self._most:
                yield [too_many(self._most)]
                return
            self.number += 1
            yield row
