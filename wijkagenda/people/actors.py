"""Who acts: every operation gets an `Actor`, never a hidden global."""

from collections.abc import Collection
from dataclasses import dataclass, field

from wijkagenda.people.models import Role, StaffMember


@dataclass(frozen=True)
class Grant:
    """A role in an area; `area_id` None is everywhere in the municipality."""

    role: Role
    area_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody (or something) that does things. `staff_id` is None for visitors and the system."""

    kind: str
    staff_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = field(default=())

    @property
    def is_staff(self) -> bool:
        return self.staff_id is not None

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    def has(self, role: Role, area_ids: Collection[int] | None = None) -> bool:
        """True when the actor holds `role` in one of `area_ids` (None: anywhere at all).

        Pass the area of the neighbourhood and of its city district: a grant in either counts.
        """
        return any(
            grant.role is role and (area_ids is None or grant.area_id is None or grant.area_id in area_ids)
            for grant in self.grants
        )

    def has_everywhere(self, role: Role) -> bool:
        """True when the actor holds `role` for the whole municipality: a grant in one area is not enough."""
        return any(grant.role is role and grant.area_id is None for grant in self.grants)

    def has_any(self, roles: Collection[Role], area_ids: Collection[int] | None = None) -> bool:
        return any(self.has(role, area_ids) for role in roles)


VISITOR = Actor("visitor")
SYSTEM = Actor("system", name="wijkagenda")


def actor_of(staff_member: StaffMember) -> Actor:
    """The actor a staff member is, with the rights of this moment."""
    return Actor(
        "staff",
        staff_id=staff_member.id,
        name=staff_member.name,
        grants=tuple(Grant(g.role, g.area_id) for g in staff_member.grants),
    )
