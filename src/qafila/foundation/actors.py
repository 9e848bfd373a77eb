"""Who acts, in which roles, over which territory."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from qafila.foundation.errors import NotAllowed


class Role(enum.StrEnum):
    """The roles a member of staff can hold; the value is stored and shown in addresses."""

    COUNTER_AGENT = "counter_agent"
    FIELD_AGENT = "field_agent"
    CHAMBER_STAFF = "chamber_staff"
    DIRECTORATE = "directorate"
    FUND_LIAISON = "fund_liaison"
    PROGRAMME_LEAD = "programme_lead"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


# Roles whose holders decide about people's rights or see the whole country: MFA is compulsory.
DECIDING_ROLES = frozenset(
    {
        Role.CHAMBER_STAFF,
        Role.DIRECTORATE,
        Role.FUND_LIAISON,
        Role.PROGRAMME_LEAD,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)


@dataclass(frozen=True)
class Scope:
    """The territory a query may look at. An empty scope finds nothing.

    `national` sees everything, also people whose place is unknown; otherwise only the people of
    `province_codes` (official codes such as "06.141"), and `persons`, files of elsewhere that
    their territory opened for a while.
    """

    national: bool = False
    province_codes: frozenset[str] = frozenset()
    persons: frozenset[int] = frozenset()

    def covers(self, province_code: str | None) -> bool:
        """Whether a thing in `province_code` (None: place unknown) lies in this scope."""
        return self.national or (province_code or "") in self.province_codes

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self.national or other.national,
            self.province_codes | other.province_codes,
            self.persons | other.persons,
        )


NOWHERE = Scope()
WHOLE_COUNTRY = Scope(national=True)


class Anywhere(enum.Enum):
    """In place of a province: wherever it may be."""

    ANYWHERE = "anywhere"


ANYWHERE: Final = Anywhere.ANYWHERE
Where = str | None | Anywhere
"""The official code of a thing's province, None where it is unknown, or ANYWHERE."""


@dataclass(frozen=True)
class HeldRole:
    """A role together with the territory in which it is held."""

    role: Role
    scope: Scope


@dataclass(frozen=True)
class Actor:
    """A person, a job or a device that acts: `id` is the row in `foundation.ActorRecord`.

    What an actor may do is asked of each post by itself: never the union of the roles over the
    union of the territories. `granted`: files of elsewhere that may be read, never changed.
    """

    id: int
    name: str
    posts: tuple[HeldRole, ...] = ()
    granted: frozenset[int] = frozenset()

    @classmethod
    def holding(cls, pk: int, name: str, roles: Iterable[Role], scope: Scope = NOWHERE) -> Actor:
        """An actor who holds each of `roles` in the same territory."""
        return cls(pk, name, tuple(HeldRole(role, scope) for role in sorted(roles)))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere: for showing them, never for a permission."""
        return frozenset(post.role for post in self.posts)

    def scope_of(self, *roles: Role) -> Scope:
        """The territory in which at least one of `roles` is held; NOWHERE without a post."""
        held = (post.scope for post in self.posts if post.role in roles)
        return reduce(or_, held, NOWHERE)

    def has(self, *roles: Role, province: Where = ANYWHERE) -> bool:
        """Whether one post has one of `roles` and covers `province` (ANYWHERE: some place)."""
        return any(
            post.role in roles and (isinstance(province, Anywhere) or post.scope.covers(province))
            for post in self.posts
        )

    def require(self, *roles: Role) -> Scope:
        """The territory in which one of `roles` is held. NotAllowed where none is held anywhere."""
        if not self.has(*roles):
            raise NotAllowed(role=", ".join(roles))
        return self.scope_of(*roles)

    def everywhere(self, *roles: Role) -> Actor:
        """The same actor with those of `roles` it holds, over the whole country.

        For an act of its own that it may take back wherever that has moved to meanwhile.
        """
        return Actor.holding(self.id, self.name, self.roles & frozenset(roles), WHOLE_COUNTRY)

    def require_everywhere(self, *roles: Role) -> None:
        """Raise NotAllowed unless one of `roles` is held for the whole country."""
        if not self.scope_of(*roles).national:
            raise NotAllowed(role=", ".join(roles))
