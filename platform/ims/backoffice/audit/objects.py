"""What an act was done to, in words and with the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import Actor
from ims_kernel.records.kinds import ONLY, all_kinds
from ims_kernel.references import decode, encode


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing: its word, the permission and page that show one, and how its id is said."""

    word: str
    permission: str = ""
    page: str = ""
    shown: Callable[[int], str] | None = None


# Kinds that are not here are shown by their own name, such as `fund` or `vat-codes`.
THINGS: Mapping[str, Thing] = {
    "entry": Thing("Transaction", "ledger.view", "transaction", encode),
    "import": Thing("Import", "imports.view", "import"),
    "export": Thing("Ledger file", "exports.view", "export"),
    "export_layout": Thing("Ledger file layout"),
    "suspense": Thing("Suspense item", "suspense.view", "suspense_item"),
    "transactions": Thing("Transactions"),
    "audit": Thing("Audit trail"),
    "period": Thing("Accounting period"),
    "user": Thing("Person"),
}
_KINDS = {thing.word.lower(): kind for kind, thing in THINGS.items()}


def name_of(kind: str, object_id: str) -> str:
    """Such as `Transaction 8F3K-…` or `Import 12`."""
    thing = THINGS.get(kind)
    word = thing.word if thing else _of_a_setting(kind)
    if object_id == ONLY:
        # Of a kind with one record there is nothing to tell apart.
        return word
    return f"{word} {_shown(thing, object_id)}".strip()


def _of_a_setting(kind: str) -> str:
    """A kind of setting in the singular, and anything else by its own name."""
    known = {each.slug: each.singular for each in all_kinds()}
    word = known.get(kind, kind.replace("_", " ").replace("-", " "))
    return word[:1].upper() + word[1:]


def _shown(thing: Thing | None, object_id: str) -> str:
    if thing and thing.shown and object_id.isdecimal():
        return thing.shown(int(object_id))
    return object_id


def address_of(kind: str, object_id: str, actor: Actor) -> str:
    """The address of the thing's page, or nothing when there is none the actor may open."""
    thing = THINGS.get(kind)
    if thing is None or not thing.page or not object_id.isdecimal():
        return ""
    if not actor.may(thing.permission):
        return ""
    return reverse(thing.page, args=[_shown(thing, object_id)])


def read_name(text: str) -> tuple[str, str]:
    """(kind, id) of what somebody typed: `Transaction 8F3K…`, `import 12`, `fund CT`, `import`.

    The id is empty when only a kind was typed.
    """
    tidy = " ".join(text.split())
    lowered = tidy.lower()
    words = _KINDS | {each.singular.lower(): each.slug for each in all_kinds()}
    # The longest first: a fund group is no fund.
    for word, kind in sorted(words.items(), key=lambda each: -len(each[0])):
        if lowered == word or lowered.startswith(f"{word} "):
            return kind, _id(kind, tidy[len(word) :].strip())
    kind, _, object_id = tidy.partition(" ")
    return kind.lower(), _id(kind.lower(), object_id)


def _id(kind: str, text: str) -> str:
    thing = THINGS.get(kind)
    if thing is None or thing.shown is None or not text:
        return text
    try:
        return str(decode(text))
    except ImsError:
        return text
