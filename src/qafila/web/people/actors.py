"""Who acted, as every page names them: in the reader's script, with role and institution."""

from __future__ import annotations

from collections.abc import Mapping

from qafila.foundation.actors import Role
from qafila.foundation.wording.actor_names import name_told
from qafila.institutions.queries import ActorNamed
from qafila.institutions.role_names import ROLE_NAMES
from qafila.web.design.components import Who
from qafila.web.people.presenter import names_in_order
from qafila.web.site.territory import named


def who_is(one: ActorNamed) -> Who:
    """A member of staff with the post of the day."""
    role = str(ROLE_NAMES[Role(one.role)]) if one.role else ""
    institution = named(one.institution_ar, one.institution_fr)
    return Who(names_in_order(one.name, one.name_latn)[0], role, institution)


def who_among(actor_id: int, name: str, staff: Mapping[int, ActorNamed]) -> Who:
    """The actor, as one of `staff`; a job, a partner or a door of ours by its own name."""
    return who_is(staff[actor_id]) if actor_id in staff else Who(name_told(name))


def in_a_line(who: Who) -> str:
    """Name, role and institution for a cell of a table."""
    return " · ".join(str(part) for part in (who.name, who.role, who.institution) if part)
