"""Who acts, in which roles, over which territory."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

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
    `province_codes` (official codes such as "06.141").
    """

    national: bool = False
    province_codes: frozenset[str] = frozenset()

    def covers(self, province_code: str | None) -> bool:
        """Whether a thing in `province_code` (None: place unknown) lies in this scope."""
        return self.national or (province_code or "") in self.province_codes

    def __or__(self, other: Scope) -> Scope:
        return Scope(self.national or other.national, self.province_codes | other.province_codes)


NOWHERE = Scope()
WHOLE_COUNTRY = Scope(national=True)


@dataclass(frozen=True)
class Actor:
    """A person, a job or a device that acts: `id` is the row in `foundation.ActorRecord`."""

    id: int
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    scope: Scope = NOWHERE

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: Role) -> None:
        """Raise NotAllowed unless the actor holds one of `roles`."""
        if not self.has(*roles):
            raise NotAllowed(role=", ".join(roles))
