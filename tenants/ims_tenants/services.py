"""Making a council and moving it through its life. Everything here is done by platform staff."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.crypto.keys import destroy as destroy_keys
from ims_kernel.identity.permissions import Actor
from ims_kernel.web.contrast import check_accent
from ims_tenants import cloning, lifecycle, pairing, provisioning
from ims_tenants.current import enter, public
from ims_tenants.errors import CouncilNameTaken, CouncilNameUnusable, HostUnusable
from ims_tenants.models import Council, Domain
from ims_tenants.schema_names import new_name

# As long as ims_tenants.selectors looks hosts up.
_HOST = re.compile(
    r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class NewCouncil:
    """What makes a council. `accent_colour` is `#rrggbb`; `starter` is a configuration file.

    `training_for` is the council whose settings will be tried in this one.
    """

    name: str
    host: str
    accent_colour: str = "#1d4f91"
    starter: bytes = b""
    training_for: Council | None = None


def check_host(host: str) -> str:
    """The host name in the form it is stored. Raises HostUnusable."""
    tidy = host.strip().lower()
    if _HOST.fullmatch(tidy) is None:
        raise HostUnusable(
            f"“{host[:60]}” is not a host name. Write one like northmoor.example, "
            "without https:// and without a port.",
            host=host[:60],
        )
    if tidy == settings.IMS_PUBLIC_HOST:
        raise HostUnusable(
            f"{tidy} is where the public pages are. Choose a host of the council's own.", host=tidy
        )
    return tidy


def check_name(name: str) -> str:
    """The council's name in the form it is stored. Raises CouncilNameUnusable."""
    tidy = name.strip()
    if not tidy or len(tidy) > _LONGEST_NAME or not tidy.isprintable():
        raise CouncilNameUnusable(
            f"“{tidy[:60]}” cannot be a council's name. Write between 1 and {_LONGEST_NAME} "
            "letters, digits and spaces on one line."
        )
    return tidy


def create_council(new: NewCouncil, *, actor: Actor, at: datetime) -> Council:
    """Make a council ready for its staff: schema from the template, starter data, state onboarding.

    All of it is one transaction, recorded in the operators' own trail. Raises CouncilNameUnusable,
    HostUnusable, ColourUnreadable, ColourTooPale, CouncilNameTaken or TrainingPairRefused, and then
    nothing was made.
    """
    name = check_name(new.name)
    host = check_host(new.host)
    colour = check_accent(new.accent_colour)
    with public(), transaction.atomic():
        council = _insert(name, host, colour, at)
        cloning.clone_template(council.schema_name)
        with enter(council):
            provisioning.run_all(new.starter)
        council.state = lifecycle.after(council.state, "begin")
        council.save(update_fields=["state"])
        record(
            actor, "councils.create", _subject(council), at=at,
            after={"name": name, "host": host, "accent_colour": colour, "state": council.state},
        )  # fmt: skip
        if new.training_for is not None:
            pairing.pair(council, new.training_for, actor=actor, at=at)
    caches["shared"].delete(host)
    return council


def _insert(name: str, host: str, colour: str, at: datetime) -> Council:
    try:
        with transaction.atomic():
            council: Council = Council.objects.create(
                name=name, schema_name=new_name(), accent_colour=colour, created_at=at
            )
            Domain.objects.create(tenant=council, domain=host, is_primary=True)
    except IntegrityError:
        raise CouncilNameTaken(
            f"A council called “{name}” or the host {host} is already there. "
            "`ims council list` shows them all.",
            host=host,
        ) from None
    return council


def take_step(council: Council, step: str, *, actor: Actor, at: datetime) -> Council:
    """Move a council on: begin, go_live, suspend, resume or close. Raises LifecycleStepRefused.

    Recorded in the operators' trail and in the council's own: its auditors see it too. Closing
    destroys the keys of its stored secrets: nobody can read them again, in no backup.
    """
    with public(), transaction.atomic():
        locked: Council = Council.objects.select_for_update().get(pk=council.pk)
        before = locked.state
        locked.state = lifecycle.after(before, step)
        locked.save(update_fields=["state"])
        for place in (public(), enter(locked)):
            with place:
                record(
                    actor, "councils.step", _subject(locked), at=at, step=step,
                    before={"state": before}, after={"state": locked.state},
                )  # fmt: skip
        if locked.state == lifecycle.CLOSED:
            destroy_keys(str(locked.uuid))
        hosts = list(Domain.objects.filter(tenant=locked).values_list("domain", flat=True))
    caches["shared"].delete_many(hosts)
    return locked


def _subject(council: Council) -> Subject:
    return Subject("council", str(council.uuid))
