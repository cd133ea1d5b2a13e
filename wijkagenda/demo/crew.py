"""Who works at Markerstad: one invented person per kind of user, and a few colleagues."""

from dataclasses import dataclass
from datetime import datetime

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor, actor_of
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role


@dataclass(frozen=True)
class Crew:
    """The people the story needs, as actors."""

    team_south: Actor
    team_harbour: Actor
    team_east: Actor
    managers: dict[str, Actor]
    officers: tuple[Actor, Actor]

    def team_of(self, neighbourhood: Neighbourhood) -> Actor:
        city_district = neighbourhood.city_district.name if neighbourhood.city_district else ""
        return {"Zuid": self.team_south, "Haven": self.team_harbour}.get(city_district, self.team_east)

    def manager_of(self, neighbourhood: Neighbourhood) -> Actor:
        return self.managers[neighbourhood.city_district.name if neighbourhood.city_district else "Zuid"]


def hire_crew(now: datetime, neighbourhoods: dict[str, Neighbourhood]) -> Crew:
    """Give everybody a way in and their roles."""
    city_districts = {n.city_district.name: n.city_district.area_id for n in neighbourhoods.values() if n.city_district}

    def hire(name: str, role: Role, *area_ids: int | None) -> Actor:
        email = name.lower().replace(" de ", " ").replace(" ", ".") + "@markerstad.example"
        member = add_staff_member(actor=SYSTEM, now=now, email=email, name=name)
        for area_id in area_ids or (None,):
            grant_role(actor=SYSTEM, now=now, member=member, role=role, area_id=area_id)
        return actor_of(member)

    area = {name: neighbourhood.area_id for name, neighbourhood in neighbourhoods.items()}
    team_south = hire("Noor Bakker", Role.AREA_TEAM, city_districts["Zuid"])
    hire("Yusuf Demir", Role.AREA_TEAM, area["Molenwijk"], area["Morgenhof"])
    hire("Els de Graaf", Role.AREA_TEAM, area["Molenwijk"], area["Rustenoord"], area["Het Zuiderpark"])
    team_harbour = hire("Bram Visser", Role.AREA_TEAM, city_districts["Haven"])
    hire("Aylin Kaya", Role.AREA_TEAM, area["Havenkant"], area["Schildershof"], area["Sluiskwartier"])
    team_east = hire("Fleur Jansen", Role.AREA_TEAM, city_districts["Oost"])
    hire("Omar Haddad", Role.AREA_TEAM, area["IJpenveld"], area["Leienburg"], area["Waterveld"])
    managers = {
        "Zuid": hire("Ines Vermeer", Role.CITY_DISTRICT_MANAGER, city_districts["Zuid"]),
        "Haven": hire("Daan Mulder", Role.CITY_DISTRICT_MANAGER, city_districts["Haven"]),
        "Oost": hire("Sanne Vos", Role.CITY_DISTRICT_MANAGER, city_districts["Oost"]),
    }
    officers = (hire("Ruud Prins", Role.VOTING_OFFICER), hire("Mila Smit", Role.VOTING_OFFICER))
    hire("Hugo Kok", Role.RESEARCHER)
    hire("Tess Blom", Role.ADMINISTRATOR)
    return Crew(team_south, team_harbour, team_east, managers, officers)
