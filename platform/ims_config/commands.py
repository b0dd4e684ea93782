"""What each `ims` command does: one or two service calls, and an answer for people and machines."""

from __future__ import annotations

import io
import secrets
import shutil
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction

from ims.exports import services as exports
from ims.imports import posting, reading, states
from ims.imports import services as imports
from ims.ledger import sealing
from ims_billing.usage import usage_of
from ims_config import starters
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record
from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import system
from ims_kernel.identity.services import create_user
from ims_kernel.money import format_pounds
from ims_tenants import services as tenants
from ims_tenants.current import enter, public
from ims_tenants.migrating import migrate_everything
from ims_tenants.selectors import get_council, list_councils, primary_host

if TYPE_CHECKING:
    from ims.imports.models import ImportFile

_CHUNK = 1024 * 1024
OK, REFUSED, DOES_NOT_AGREE = 0, 1, 3


@dataclass(slots=True)
class Answer:
    """What a command has to say: `data` for --json, `lines` for people, and its exit code."""

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    code: int = OK


class GuardsFailed(ImsError):
    """A setting or the database connection could mix councils up, so nothing was started."""

    code = "cli.guards_failed"


class NotAFile(ImsError):
    """The path is not a file that can be read."""

    code = "cli.not_a_file"


def council_create(args: Namespace) -> Answer:
    """`ims council create NAME --host HOST [--starter S] [--colour C] [--training-for COUNCIL]`."""
    starter = _starter(args.starter) if args.starter else b""
    live = get_council(args.training_for) if args.training_for else None
    new = tenants.NewCouncil(args.name, args.host, args.colour, starter, live)
    council = tenants.create_council(new, actor=system("ims council create"), at=clock.now())
    host = primary_host(council)
    data = {"name": council.name, "host": host, "schema": council.schema_name}
    words = [
        f"{council.name} is ready at {host} ({council.state}).",
        f'Next: ims user invite {host} EMAIL --name NAME --role "Finance manager"',
    ]
    return Answer(data | {"state": council.state}, words)


def _starter(named: str) -> bytes:
    """A pack we ship, or a TOML file of the council's own. Raises StarterNotFound."""
    is_own = named not in starters.names() and Path(named).is_file()
    return Path(named).read_bytes() if is_own else starters.load(named)


def council_list(_args: Namespace) -> Answer:
    """`ims council list`."""
    found = [
        {
            "name": council.name,
            "state": council.state,
            "schema": council.schema_name,
            "hosts": [domain.domain for domain in council.domains.all()],
            "training_for": council.training_for.name if council.training_for else None,
        }
        for council in list_councils()
    ]
    lines = [
        f"{c['name']:<40} {c['state']:<12} {' '.join(c['hosts'])}"
        + (f"  (training for {c['training_for']})" if c["training_for"] else "")
        for c in found
    ]
    return Answer({"councils": found}, lines or ["There is no council yet."])


def council_step(args: Namespace) -> Answer:
    """`ims council step COUNCIL STEP`: go_live, suspend, resume or close."""
    found = get_council(args.council)
    council = tenants.take_step(found, args.step, actor=system("ims council step"), at=clock.now())
    data = {"name": council.name, "state": council.state}
    return Answer(data, [f"{council.name} is now {council.state}."])


def user_create(args: Namespace) -> Answer:
    """`ims user create COUNCIL EMAIL --name NAME --role ROLE`; `public` for operators."""
    password = secrets.token_urlsafe(15)
    place = public() if args.council == "public" else enter(get_council(args.council))
    with place, transaction.atomic():
        user = create_user(email=args.email, name=args.name, password=password, roles=args.role)
        record(
            system("ims user create"), "people.create", Subject("user", user.pk), at=clock.now(),
            after={"name": user.name, "roles": sorted(args.role)},
        )  # fmt: skip
    data = {"email": user.email, "password": password, "roles": args.role}
    return Answer(data, [f"{user.email} can sign in with: {password}", "It is shown only now."])


def import_file(args: Namespace) -> Answer:
    """`ims import COUNCIL FILE [--profile P] [--post]`: read, and post when asked."""
    path = Path(args.file)
    if not path.is_file():
        raise NotAFile(f"There is no file at {path}.")
    council, actor = get_council(args.council), system("ims import")
    with enter(council), path.open("rb") as stream:
        upload = imports.Upload(path.name, _chunks(stream), args.profile)
        received = imports.receive(upload, actor=actor, at=clock.now(), read_later=False)
        found = reading.read_file(received.pk)
        if args.post and found.state == states.READY:
            imports.request_post(found.pk, actor=actor, at=clock.now(), post_later=False)
            found = posting.post_file(found.pk, clock=clock.now)
            sealing.seal(at=clock.now())
    return _import_answer(found)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _import_answer(found: ImportFile) -> Answer:
    data = {
        name: getattr(found, name)
        for name in (
            "id", "file_name", "state", "refusal", "format_code", "row_count", "total_pence",
            "posted_count", "posted_pence", "parked_count", "parked_pence", "rejected_count",
            "rejected_pence",
        )
    }  # fmt: skip
    if found.state == states.REJECTED:
        return Answer(data, [f"{found.file_name} was not imported.", found.refusal], REFUSED)
    lines = [f"Import {found.pk}, {found.file_name}, is {states.WORDS[found.state]}."]
    rows = [("Received", found.row_count, found.total_pence)]
    if found.state == states.POSTED:
        rows += [
            ("Posted", found.posted_count, found.posted_pence),
            ("Parked in suspense", found.parked_count, found.parked_pence),
        ]
    rows.append(("Rejected", found.rejected_count, found.rejected_pence))
    lines += [f"{word:<20}{count:>10,}{format_pounds(pence):>20}" for word, count, pence in rows]
    return Answer(data, lines)


def export(args: Namespace) -> Answer:
    """`ims export COUNCIL LAYOUT --out DIR`: make the next ledger file and write it to a folder."""
    council, actor = get_council(args.council), system("ims export")
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    with enter(council):
        run = exports.run(args.layout, actor=actor, at=clock.now())
        run, stream = exports.open_file(run.pk, actor=actor, at=clock.now())
        target = folder / run.file_name
        with stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out)
    data = {
        "id": run.pk, "file": str(target), "sha256": run.sha256, "line_count": run.line_count,
        "net_pence": run.net_pence, "state": run.state,
    }  # fmt: skip
    said = f"{run.line_count:,} ledger lines, {format_pounds(run.net_pence)}"
    return Answer(data, [f"{target}: {said}. The file agrees with the ledger."])


def migrate(_args: Namespace) -> Answer:
    """`ims migrate`: bring public, the template and every council that is behind up to date."""
    report = migrate_everything()
    data = {"current": report.current, "migrated": report.migrated, "failed": report.failed}
    lines = [f"{report.current} up to date, {len(report.migrated)} migrated."]
    lines += [f"{schema} was left as it was: {why}" for schema, why in report.failed.items()]
    return Answer(data, lines, REFUSED if report.failed else OK)


def check(_args: Namespace) -> Answer:
    """`ims check`: the guards that must hold before the service starts. Raises GuardsFailed."""
    # Django reports that all is well on standard output, where the answer of --json stands alone.
    try:
        call_command("check", databases=["default"], fail_level="WARNING", stdout=io.StringIO())
    except SystemCheckError as error:
        raise GuardsFailed(f"The service does not start: a guard does not hold. {error}") from None
    return Answer({"ok": True}, ["Every guard holds."])


def usage(args: Namespace) -> Answer:
    """`ims usage FIRST LAST`: what each council used, for its invoice."""
    found = [
        used for council in list_councils() for used in usage_of(council, args.first, args.last)
    ]
    data = [{"council": u.council, "meter": u.meter, "count": u.count} for u in found]
    return Answer({"usage": data}, _usage_lines(data))


def _usage_lines(data: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{u['council']:<40} {u['meter']:<20} {u['count']:>12,}" for u in data]
