"""`ims keys`: changing the keys that protect stored secrets."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.db import transaction

from ims_config.commands import Answer
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record
from ims_kernel.crypto import envelope, rotation
from ims_kernel.errors import NotFound
from ims_kernel.identity.permissions import system
from ims_kernel.scope import scope_id
from ims_tenants import lifecycle
from ims_tenants.current import enter, public
from ims_tenants.selectors import get_council, list_councils


def rotate(args: Namespace) -> Answer:
    """`ims keys rotate COUNCIL|--all [--data]`. Each council is a transaction of its own."""
    if not args.all and not args.council:
        raise NotFound("Name a council, or say --all.")
    found = []
    for name, place in _places(args):
        with place:
            done = _rotate_here(data=args.data)
        found.append({"council": name, "rewrapped": done.rewrapped, "resealed": done.resealed})
    key = envelope.key_id(settings.IMS_KEY_ENCRYPTION_KEYS[0])
    lines = [
        f"{each['council']:<40} {each['rewrapped']:>4} data keys wrapped again, "
        f"{each['resealed']:>6} secrets sealed again"
        for each in found
    ]
    return Answer({"key": key, "rotated": found}, [*lines, f"Protected by the key {key}."])


def _places(args: Namespace) -> Iterator[tuple[str, AbstractContextManager[Any]]]:
    if args.all or args.council == "public":
        yield "public", public()
    if args.council == "public":
        return
    for council in list_councils() if args.all else [get_council(args.council)]:
        # The keys of a closed council are destroyed, and a draft has none yet.
        if council.state not in (lifecycle.DRAFT, lifecycle.CLOSED):
            yield council.name, enter(council)


def _rotate_here(*, data: bool) -> rotation.Rotated:
    with transaction.atomic():
        done = rotation.renew() if data else rotation.rewrap()
        if done.rewrapped or done.resealed or data:
            record(
                system("ims keys rotate"), "keys.rotate", Subject("keys", scope_id()),
                at=clock.now(), rewrapped=done.rewrapped, resealed=done.resealed, new_data_key=data,
            )  # fmt: skip
    return done
