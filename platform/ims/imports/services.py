"""Receiving, discarding and posting files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from ims.imports import selectors, states
from ims.imports.errors import AlreadyReceived, RulesChanged
from ims.imports.formats.base import HEAD_BYTES
from ims.imports.formats.registry import detect, get
from ims.imports.models import ImportFile, ImportProfile
from ims.imports.tasks import post_import_file, read_import_file
from ims_kernel import files
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor


class BinaryStream(Protocol):
    """What a stored or an uploaded file can do."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, place: int, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: what the person called it, its bytes, and its profile's code."""

    file_name: str
    chunks: Iterable[bytes]
    profile_code: str


def check_beginning(stream: BinaryStream, profile_code: str) -> None:
    """Look at the first bytes of a file, and go back to its start.

    Raises FileRefused when no bank file begins like this: said at once, while the file is at
    hand, instead of after it was received. An unknown profile is found by `receive`.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    profile = ImportProfile.objects.filter(code=profile_code).first()
    if profile is None or not profile.format_code or not get(profile.format_code).sniff(head):
        detect(head)


def receive(upload: Upload, *, actor: Actor, at: datetime, read_later: bool = True) -> ImportFile:
    """Store a file and ask for it to be read.

    Raises ProfileNotFound, FileTooLarge, or AlreadyReceived when these very bytes came before,
    under whatever name; then nothing is kept.
    """
    actor.require("imports.upload")
    profile = selectors.get_profile(upload.profile_code)
    stored = files.save("imports", upload.chunks, max_bytes=settings.IMS_MAX_UPLOAD_BYTES)
    try:
        with transaction.atomic():
            found = _insert(upload.file_name, profile, stored, actor, at)
            record(
                actor, "imports.receive", Subject("import", found.pk), at=at,
                sha256=stored.sha256, size=stored.size, profile=profile.code,
            )  # fmt: skip
            if read_later:
                read_import_file.enqueue(lock=f"import:{found.pk}", import_id=found.pk)
    except IntegrityError:
        files.delete(stored.path)
        raise _received_before(stored.sha256) from None
    return found


def _insert(
    name: str, profile: ImportProfile, stored: files.StoredFile, actor: Actor, at: datetime
) -> ImportFile:
    return ImportFile.objects.create(
        profile=profile,
        file_name=name.replace("\x00", "")[:200] or "file without a name",
        stored_path=stored.path,
        sha256=stored.sha256,
        size=stored.size,
        received_at=at,
        received_by=actor.name[:100],
    )


def _received_before(sha256: str) -> AlreadyReceived:
    earlier = ImportFile.objects.filter(sha256=sha256).exclude(state=states.REJECTED).first()
    if earlier is None:
        return AlreadyReceived("This file was just received by somebody else. Look in the list.")
    return AlreadyReceived(
        f"This file was received on {earlier.received_at:%-d %B %Y} as {earlier.file_name}. It is "
        f"{states.WORDS[earlier.state]}. Nothing was imported twice.",
        import_id=earlier.pk,
    )


def discard(import_id: int, *, reason: str, actor: Actor, at: datetime) -> ImportFile:
    """Set a file aside before it is posted. Raises ImportStepRefused once it is being posted."""
    actor.require("imports.upload")
    with transaction.atomic():
        found = _locked(import_id)
        found.state = states.after(found.state, "discard")
        found.refusal = f"Discarded by {actor.name}: {reason}"
        found.save(update_fields=["state", "refusal"])
        record(actor, "imports.discard", Subject("import", import_id), at=at, reason=reason)
    return found


def read_again(import_id: int, *, actor: Actor, at: datetime) -> ImportFile:
    """Ask for a ready file to be decided again by today's rules.

    It is `received` until then, so that nobody posts a preview that is about to change. Raises
    ImportStepRefused.
    """
    actor.require("imports.upload")
    with transaction.atomic():
        found = _locked(import_id)
        found.state = states.after(found.state, "again")
        found.save(update_fields=["state"])
        read_import_file.enqueue(lock=f"import:{import_id}", import_id=import_id)
        record(actor, "imports.read_again", Subject("import", import_id), at=at)
    return found


def request_post(
    import_id: int, *, actor: Actor, at: datetime, post_later: bool = True
) -> ImportFile:
    """Start posting a ready import, once: of two people who press at once, one is refused.

    Raises ImportStepRefused, or RulesChanged when the preview is no longer what would happen.
    """
    actor.require("imports.post")
    with transaction.atomic():
        found = _locked(import_id)
        next_state = states.after(found.state, "post")
        if found.rules_key != selectors.rules_key():
            raise RulesChanged(
                "The rules or funds changed after this preview was made. Choose “Apply the rules "
                "again”, check the preview, then post."
            )
        found.state, found.posting_by = next_state, actor.name[:100]
        found.save(update_fields=["state", "posting_by"])
        record(
            actor, "imports.post", Subject("import", import_id), at=at,
            rows=found.row_count, total_pence=found.total_pence,
        )  # fmt: skip
        if post_later:
            post_import_file.enqueue(lock=f"import:{import_id}", import_id=import_id)
    return found


def _locked(import_id: int) -> ImportFile:
    selectors.get_import(import_id)
    return ImportFile.objects.select_for_update().get(pk=import_id)
