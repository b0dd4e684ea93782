"""A compared file, kept for a while so that exactly what was looked at is applied.

It is one private file of the council at hand with a random name, which is its token. It opens only
for the person who compared it, and only for an hour.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from ims_kernel import files
from ims_kernel.audit.services import Subject, record
from ims_kernel.configuration import applying, document
from ims_kernel.configuration.applying import Change, Outcome
from ims_kernel.configuration.document import Document
from ims_kernel.configuration.errors import ComparisonGone
from ims_kernel.permissions import Actor
from ims_kernel.records.services import Asked
from ims_kernel.scope import scope_id

KEPT_FOR = timedelta(hours=1)
FILE = "file"
_FOLDER = "configuration"
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a file would change, as it was found `compared_at`.

    `source` is `file`, or the identifier of the council the settings were read from; `name` is
    what people know that by.
    """

    token: str
    name: str
    source: str
    text: str
    user_id: int | None
    compared_at: datetime
    outcome: Outcome


def compare(found: Document, name: str, *, actor: Actor, at: datetime, source: str = FILE) -> str:
    """Compare a file with the settings and keep it; gives its token. Raises as `apply` does."""
    outcome = applying.compare(found, Asked(actor, at))
    files.delete_older(_FOLDER, before=at - KEPT_FOR)
    whole = {
        "name": name[:200], "source": source, "text": found.text, "user_id": actor.user_id,
        "compared_at": at.isoformat(), "outcome": asdict(outcome),
    }  # fmt: skip
    stored = files.save(_FOLDER, [json.dumps(whole).encode()])
    record(
        actor,
        "configuration.compare",
        Subject("configuration", "file"),
        at=at,
        source=source,
        changes=len(outcome.changes),
    )
    return stored.path.rpartition("/")[2]


def get(token: str, *, user_id: int | None, now: datetime) -> Comparison:
    """The comparison this person made. Raises ComparisonGone."""
    try:
        whole = json.loads(_read(token))
    except files.FileMissing:
        raise _gone() from None
    compared_at = datetime.fromisoformat(whole["compared_at"])
    if whole["user_id"] != user_id or now - compared_at > KEPT_FOR:
        raise _gone()
    told = whole["outcome"]
    changes = [Change(**change) for change in told.pop("changes")]
    return Comparison(
        token, whole["name"], whole["source"], whole["text"], user_id, compared_at,
        Outcome(changes=changes, **told),
    )  # fmt: skip


def apply(kept: Comparison, asked: Asked) -> Outcome:
    """Do what the comparison showed, and forget the file. Raises as `applying.apply` does."""
    found = document.read(kept.text.encode())
    outcome = applying.apply(found, asked, expected=kept.outcome.digest, source=kept.source)
    files.delete(_path(kept.token))
    return outcome


def _read(token: str) -> bytes:
    if _TOKEN.fullmatch(token) is None:
        raise _gone()
    with files.open_stored(_path(token)) as stream:
        return stream.read()


def _path(token: str) -> str:
    return f"{scope_id()}/{_FOLDER}/{token}"


def _gone() -> ComparisonGone:
    return ComparisonGone(
        "This comparison is not there any more: it is kept for one hour, for the person who made "
        "it, until it is applied. Compare the file again."
    )
