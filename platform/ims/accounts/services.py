"""Receiving, discarding and applying files of accounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction

from ims.accounts import selectors, states
from ims.accounts.account_lines import read_header
from ims.accounts.columns import NAMES
from ims.accounts.errors import (
    AlreadyLoaded,
    KeyUsedDifferently,
    NotConfirmed,
    PreviewOutOfDate,
)
from ims.accounts.models import AccountLoad, FundAccounts
from ims.accounts.tasks import apply_account_load, read_account_load
from ims.funds.selectors import book
from ims_kernel import files
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor

_ROWS_A_CHUNK = 1_000
Mode = AccountLoad.Mode


@dataclass(frozen=True, slots=True)
class AccountFile:
    """A file as it arrives, the fund it is for, and whether it is everything or only changes.

    `key` makes the same file sent again the same load. `applies_itself` applies it as soon as it
    is read, unless a person must be asked.
    """

    file_name: str
    chunks: Iterable[bytes]
    fund_code: str
    mode: str
    key: str = ""
    applies_itself: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to: closing many accounts, and leaving bad lines out."""

    closing: bool = False
    rejected: bool = False


def check_beginning(stream: BinaryIO) -> None:
    """Look at the first line of a file, and go back to its start. Raises AccountFileRefused."""
    stream.seek(0)
    read_header(stream)
    stream.seek(0)


def receive(
    file: AccountFile, *, actor: Actor, at: datetime, read_later: bool = True
) -> AccountLoad:
    """Store a file and ask for it to be read.

    Raises FundNotFound, FileTooLarge, KeyUsedDifferently, or AlreadyLoaded when these very bytes
    are here for this fund and no other change came after them. Then nothing is kept.
    """
    actor.require("accounts.load", fund=file.fund_code)
    fund_id = book().fund(file.fund_code).id
    mode = Mode(file.mode)
    stored = files.save("accounts", file.chunks, max_bytes=settings.IMS_MAX_UPLOAD_BYTES)
    try:
        with transaction.atomic():
            earlier = _earlier(file, fund_id, stored.sha256)
            if earlier is not None:
                files.delete(stored.path)
                return earlier
            found = AccountLoad.objects.create(
                fund_id=fund_id, mode=mode, stored_path=stored.path, sha256=stored.sha256,
                file_name=file.file_name.replace("\x00", "")[:200] or "file without a name",
                size=stored.size, idempotency_key=file.key[:100], received_at=at,
                received_by=actor.name[:100], applies_itself=file.applies_itself,
            )  # fmt: skip
            record(
                actor, "accounts.receive_load", Subject("account_load", found.pk), at=at,
                fund=file.fund_code, mode=file.mode, sha256=stored.sha256, size=stored.size,
            )  # fmt: skip
            if read_later:
                read_account_load.enqueue(lock=f"account_load:{found.pk}", load_id=found.pk)
    except (IntegrityError, AlreadyLoaded, KeyUsedDifferently) as error:
        files.delete(stored.path)
        if isinstance(error, IntegrityError):
            return _lost_race(file, fund_id, stored.sha256)
        raise
    return found


def _earlier(file: AccountFile, fund_id: int, sha256: str) -> AccountLoad | None:
    """The load of the same key. Raises KeyUsedDifferently and AlreadyLoaded."""
    if file.key:
        same = selectors.loads().filter(idempotency_key=file.key[:100]).first()
        if same is not None:
            if (same.fund_id, same.mode, same.sha256) != (fund_id, file.mode, sha256):
                raise KeyUsedDifferently(
                    "This key was used before for another fund, mode or other rows. Use a new key.",
                    load_id=same.pk,
                )
            return same
    totals = FundAccounts.objects.filter(fund_id=fund_id).first()
    last = selectors.find_load(totals.last_load_id) if totals else None
    # With a change after it, the same file is a wish to put things back, and welcome.
    if (
        last and totals and (last.sha256, last.mode) == (sha256, file.mode)
        and totals.version == last.base_version + 1
    ):  # fmt: skip
        raise _already(last)
    return None


def _lost_race(file: AccountFile, fund_id: int, sha256: str) -> AccountLoad:
    """The load that was there first: the answer for the same key, else the reason to refuse."""
    same = _earlier(file, fund_id, sha256)
    if same is not None:
        return same
    under_way = (
        selectors.loads()
        .filter(fund_id=fund_id, sha256=sha256, mode=file.mode)
        .exclude(state__in=states.FINAL)
        .first()
    )
    if under_way is not None:
        raise _already(under_way)
    raise AlreadyLoaded("This file was just received by somebody else. Look in the list.")


def _already(found: AccountLoad) -> AlreadyLoaded:
    return AlreadyLoaded(
        f"This file was received for {found.fund.name} on {found.received_at:%-d %B %Y} as "
        f"{found.file_name}. It is {states.WORDS[found.state]}. Nothing was loaded twice.",
        load_id=found.pk,
    )


def load_rows(
    fund_code: str,
    mode: str,
    rows: Iterable[Mapping[str, object]],
    *,
    actor: Actor,
    at: datetime,
    idempotency_key: str,
) -> AccountLoad:
    """Load accounts given as rows, such as from another system; they take the way of a file.

    Each row maps names of docs/reference/account-file.md to text (amounts in pounds, `12.50`).
    Read in the background and applied at once, unless it closes more accounts than usual or lines
    cannot be used: then a person decides on the preview. The same key and rows again is the same
    load. Raises FundNotFound, FileTooLarge, KeyUsedDifferently.
    """
    name = f"{fund_code} {idempotency_key}"[:190] + ".csv"
    file = AccountFile(name, _as_csv(rows), fund_code, mode, idempotency_key, applies_itself=True)
    return receive(file, actor=actor, at=at)


def _as_csv(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """The rows as a file with the columns of the first one; another row's own are refused later."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names: list[str] = []
    for number, row in enumerate(rows):
        if not number:
            names = [*[name for name in NAMES if name in row], *sorted(set(row) - set(NAMES))]
            writer.writerow(names)
        extra = ["(other columns)"] * (len(set(row) - set(names)) > 0)
        writer.writerow([*[_one_line(row.get(name)) for name in names], *extra])
        if number % _ROWS_A_CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _one_line(value: object) -> str:
    return "" if value is None else " ".join(str(value).splitlines())


def _taken(buffer: io.StringIO) -> bytes:
    part = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return part


def discard(load_id: int, *, reason: str, actor: Actor, at: datetime) -> AccountLoad:
    """Set a file aside before it is applied. Raises LoadStepRefused once it is being applied."""
    actor.require("accounts.load")
    with transaction.atomic():
        found = _locked(load_id)
        actor.require("accounts.load", fund=found.fund.code)
        found.state = states.after(found.state, "discard")
        found.refusal = f"Discarded by {actor.name}: {reason}"
        found.save(update_fields=["state", "refusal"])
        selectors.differences(load_id).delete()
        record(actor, "accounts.discard_load", _subject(load_id), at=at, reason=reason)
    return found


def read_again(load_id: int, *, actor: Actor, at: datetime) -> AccountLoad:
    """Ask for a ready file to be compared with the accounts of now. Raises LoadStepRefused."""
    actor.require("accounts.load")
    with transaction.atomic():
        found = _locked(load_id)
        actor.require("accounts.load", fund=found.fund.code)
        found.state = states.after(found.state, "again")
        found.save(update_fields=["state"])
        read_account_load.enqueue(lock=f"account_load:{load_id}", load_id=load_id)
        record(actor, "accounts.read_load_again", _subject(load_id), at=at)
    return found


def request_apply(
    load_id: int, agreed: Agreed, *, actor: Actor, at: datetime, apply_later: bool = True
) -> AccountLoad:
    """Start applying a ready load, once: of two people who press at once, one is refused.

    Raises LoadStepRefused, PreviewOutOfDate, or NotConfirmed when it closes more accounts than
    usual or has lines that cannot be used, and `agreed` does not say so.
    """
    actor.require("accounts.load")
    with transaction.atomic():
        found = _locked(load_id)
        actor.require("accounts.load", fund=found.fund.code)
        next_state = states.after(found.state, "apply")
        if selectors.is_out_of_date(found):
            raise PreviewOutOfDate(
                f"Accounts of {found.fund.name} changed after this preview was made. Choose "
                "“Compare again”, check the preview, then apply it."
            )
        _require_agreement(found, agreed)
        found.state, found.applying_by = next_state, actor.name[:100]
        found.save(update_fields=["state", "applying_by"])
        record(
            actor, "accounts.request_apply", _subject(load_id), at=at, rows=found.row_count,
            agreed_closing=agreed.closing, agreed_rejected=agreed.rejected,
        )  # fmt: skip
        if apply_later:
            apply_account_load.enqueue(lock=f"account_load:{load_id}", load_id=load_id)
    return found


def _require_agreement(found: AccountLoad, agreed: Agreed) -> None:
    if selectors.asks_about_closing(found) and not agreed.closing:
        raise NotConfirmed(
            f"This load closes {found.closed_count:,} of the {found.open_before_count:,} open "
            f"accounts of {found.fund.name}. Confirm that these accounts should be closed.",
            field="closing",
        )
    if found.rejected_count and not agreed.rejected:
        raise NotConfirmed(
            "There are lines that cannot be used. Confirm that the other lines should be applied "
            "without them.",
            field="rejected",
        )


def _subject(load_id: int) -> Subject:
    return Subject("account_load", load_id)


def _locked(load_id: int) -> AccountLoad:
    selectors.get_load(load_id)
    return (
        AccountLoad.objects.select_for_update(of=("self",)).select_related("fund").get(pk=load_id)
    )
