"""What can be done with a kind of setting besides changing it, such as trying it out.

A page of its own for one kind (a test bench, a preview, a check of a connection) is a line here,
and then stands on the list of that kind or on the page of each record.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.urls import reverse

from ims_kernel.identity.permissions import Actor
from ims_kernel.records.kinds import Kind
from ims_kernel.records.selectors import Record


class Extra(NamedTuple):
    """A link: its words, the name of its address, and the permission that shows it.

    `of_record`: the address takes the key of the record, and the link is on the record's page.
    """

    text: str
    url_name: str
    permission: str
    of_record: bool = False


EXTRAS: Mapping[str, tuple[Extra, ...]] = MappingProxyType({})


def extras_of(kind: Kind, record: Record | None, actor: Actor) -> list[tuple[str, str]]:
    """(words, address) of the links on a record's page, or on the list when `record` is None."""
    return [
        (each.text, reverse(each.url_name, args=(record.key,) if record and each.of_record else ()))
        for each in EXTRAS.get(kind.slug, ())
        if each.of_record == (record is not None) and actor.may(each.permission)
    ]
