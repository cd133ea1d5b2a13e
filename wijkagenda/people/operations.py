"""Staff come, get roles, sign in and go."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.people import policy
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role, RoleGrant, SignInLink, StaffMember

LINK_VALID_FOR = timedelta(minutes=30)
LONGEST_NAME = 120


def add_staff_member(*, actor: Actor, now: datetime, email: str, name: str) -> StaffMember:
    """Let somebody sign in; without roles they can do nothing yet."""
    if not policy.may_manage_staff(actor):
        raise NotAllowed
    email, name = email.strip().lower(), name.strip()
    _check_reachable(email=email, name=name)
    if db.session.scalar(sa.select(StaffMember.id).where(StaffMember.email == email)):
        raise Conflict(N_("Er is al iemand met dit mailadres."), field="email")
    member = StaffMember(email=email, name=name)
    db.session.add(member)
    db.session.flush()
    record(actor=actor, now=now, action="people.add_staff_member", subject=member)
    return member


def _check_reachable(*, email: str, name: str) -> None:
    """The page asks the same; the console has no page before it, and nobody could sign in with a wrong address."""
    if not name:
        raise Invalid(N_("Vul de naam in."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(N_("Deze naam is te lang."), field="name")
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        raise Invalid(N_("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example"), field="email") from None


def grant_role(*, actor: Actor, now: datetime, member: StaffMember, role: Role, area_id: int | None) -> RoleGrant:
    """Give a role in an area (None: the whole municipality). Giving it twice changes nothing."""
    if not policy.may_manage_staff(actor):
        raise NotAllowed
    for grant in member.grants:
        if grant.role is role and grant.area_id == area_id:
            return grant
    grant = RoleGrant(role=role, area_id=area_id)
    member.grants.append(grant)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="people.grant_role",
        subject=member,
        detail={"role": role.value, "area_id": area_id},
    )
    return grant


def withdraw_role(*, actor: Actor, now: datetime, grant: RoleGrant) -> None:
    """Take a role away; it works from the person's next click on."""
    if not policy.may_manage_staff(actor):
        raise NotAllowed
    if actor.staff_id == grant.staff_member_id and grant.role is Role.ADMINISTRATOR:
        raise Invalid(N_("U kunt uw eigen beheerdersrol niet weghalen. Vraag een andere beheerder."))
    member = grant.staff_member
    member.grants.remove(grant)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="people.withdraw_role",
        subject=member,
        detail={"role": grant.role.value, "area_id": grant.area_id},
    )


def set_active(*, actor: Actor, now: datetime, member: StaffMember, active: bool) -> None:
    """Close or reopen somebody's way in."""
    if not policy.may_manage_staff(actor):
        raise NotAllowed
    if actor.staff_id == member.id:
        raise Invalid(N_("U kunt uzelf niet afsluiten. Vraag een andere beheerder."))
    member.is_active = active
    db.session.flush()
    record(actor=actor, now=now, action="people.set_active", subject=member, detail={"active": active})


def make_sign_in_link(*, member: StaffMember, now: datetime) -> str:
    """A one-time token, to be mailed to the member; only its hash is stored."""
    forget_expired_links(now=now)
    token = secrets.token_urlsafe(32)
    db.session.add(SignInLink(staff_member_id=member.id, token_hash=_hash(token), expires_at=now + LINK_VALID_FOR))
    db.session.flush()
    return token


def use_sign_in_link(*, token: str, now: datetime) -> StaffMember:
    """Whom the token signs in. Each token works once and for half an hour."""
    link = db.session.scalar(sa.select(SignInLink).where(SignInLink.token_hash == _hash(token)).with_for_update())
    if link is None or link.used_at is not None or link.expires_at < now:
        raise Invalid(N_("Deze link werkt niet meer. Vraag een nieuwe aan."))
    if not link.staff_member.is_active:
        raise NotAllowed
    link.used_at = now
    db.session.flush()
    return link.staff_member


def forget_expired_links(*, now: datetime) -> None:
    """Forget sign-in links that no longer work."""
    db.session.execute(sa.delete(SignInLink).where(SignInLink.expires_at < now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
