"""What an income officer does each morning: import the bank file, post it, send the ledger file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ims.exports import selectors as exports
from ims.exports import services as sending
from ims.imports import posting, reading, services, states
from ims.imports import selectors as imports
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.this_morning import LINES, file_name, write_statement
from ims_kernel import clock
from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import Actor, system

if TYPE_CHECKING:
    from ims.exports.models import ExportRun
    from ims.imports.models import ImportFile

_READ_BYTES = 65_536
_EVENING = time(23, 30)


class StatementNotPosted(ImsError):
    """The demo's own bank file was refused."""

    code = "demo.statement_not_posted"


def post_statement(
    council: DemoCouncil, folder: Path, *, day: date, lines: int = LINES
) -> ImportFile:
    """The day's import, posted. Takes up an import from wherever a killed start left it.

    Raises StatementNotPosted when the file was refused, with the reason.
    """
    actor = system(council.cashier)
    found = _import_of(council, day) or _receive(council, folder, day, lines, actor=actor)
    if found.state == states.RECEIVED:
        found = reading.read_file(found.pk)
    if found.state == states.READY:
        found = services.request_post(found.pk, actor=actor, at=clock.now(), post_later=False)
    if found.state == states.POSTING:
        found = posting.post_file(found.pk, clock=clock.now)
    if found.state != states.POSTED:
        raise StatementNotPosted(f"{found.file_name} was not posted: {found.refusal}")
    return found


def _import_of(council: DemoCouncil, day: date) -> ImportFile | None:
    wanted = imports.imports().filter(file_name=file_name(council, day))
    return wanted.exclude(state=states.REJECTED).select_related("profile").first()


def _receive(
    council: DemoCouncil, folder: Path, day: date, lines: int, *, actor: Actor
) -> ImportFile:
    path, _written = write_statement(council, folder, day=day, lines=lines)
    upload = services.Upload(path.name, _chunks(path), council.profile)
    return services.receive(upload, actor=actor, at=clock.now(), read_later=False)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_READ_BYTES):
            yield chunk


def send_ledger_file(council: DemoCouncil, folder: Path, *, at: datetime) -> ExportRun | None:
    """Make and send the ledger file of all that waits, with a copy in the folder.

    None when nothing waits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not exports.waiting().line_count:
        return None
    actor = system(council.cashier)
    made = sending.run(council.layout, actor=actor, at=at)
    sent = sending.mark_sent(made.pk, actor=actor, at=at)
    _, stream = sending.open_file(sent.pk, actor=actor, at=at)
    with stream, (folder / sent.file_name).open("wb") as copy:
        shutil.copyfileobj(stream, copy)
    return sent


def send_the_year(council: DemoCouncil, folder: Path, *, today: date) -> None:
    """What left before today: one file, taken by the finance system yesterday evening."""
    at = datetime.combine(today - timedelta(days=1), _EVENING, tzinfo=clock.LONDON)
    sent = send_ledger_file(council, folder, at=at)
    if sent is not None:
        sending.accept(sent.pk, actor=system(council.cashier), at=at + timedelta(minutes=20))
