"""The kinds of record a council sets: declared by their apps, and treated alike everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.db import models

from ims_kernel.records.errors import KindNotFound
from ims_kernel.records.fields import Field, Values

SEE = "settings.view"
# The key of a kind that has one record only, in the audit trail and in addresses.
ONLY = "settings"


def _nothing_more(_after: Values, _before: Values | None) -> None:
    """Most kinds need no rule across fields."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of setting. docs/how-to/add-a-setting.md walks through an example.

    `check(after, before)` holds the rules across fields and raises RecordRefused with `field`.
    `load` and `store` are for values that are not plain attributes of the model, such as child
    tables; `store` saves the object too. `constraints` turns the database's refusals into words:
    constraint name to (field, sentence).
    """

    slug: str
    singular: str
    plural: str
    sentence: str
    section: str
    model: type[models.Model]
    fields: tuple[Field, ...]
    change: str
    see: str = SEE
    key: str = "code"
    title: str = "name"
    columns: tuple[str, ...] = ()
    sort: str = ""  # the column the list is in order of, when that is not the key
    single: bool = False
    order: int = 100
    in_files: bool = True
    second_person: bool = False
    check: Callable[[Values, Values | None], None] = _nothing_more
    load: Callable[[Any], Values] | None = None
    store: Callable[[Any, Values], None] | None = None
    constraints: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return MappingProxyType({each.name: each for each in self.fields})

    @property
    def one(self) -> str:
        """In a sentence: `an office`, `a VAT code`. A u is spoken as in `user`."""
        return f"{'an' if self.singular[:1] in 'aeio' else 'a'} {self.singular}"

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields of the list page."""
        names = self.columns or tuple(
            name for name in (self.key, self.title) if name in self.by_name
        )
        return tuple(self.by_name[name] for name in dict.fromkeys(names))

    def name_of(self, values: Values) -> str:
        """A record in a sentence: `CT Council Tax`."""
        if self.single:
            return self.singular
        names = [name for name in dict.fromkeys((self.key, self.title)) if values.get(name)]
        return " ".join(
            self.by_name[name].words(values[name]) if name in self.by_name else str(values[name])
            for name in names
        )


_kinds: dict[str, Kind] = {}


def register(*given: Kind) -> None:
    """Add kinds. Called from their app's apps.py."""
    _kinds.update({kind.slug: kind for kind in given})


def all_kinds() -> list[Kind]:
    """Every kind, referenced kinds before those that refer to them."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.slug))


def get_kind(slug: str) -> Kind:
    """The kind. Raises KindNotFound."""
    try:
        return _kinds[slug]
    except KeyError:
        raise KindNotFound(f"There is no kind of setting called “{slug[:40]}”.") from None
