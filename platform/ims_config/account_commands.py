"""`ims accounts`: files of accounts into a council."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ims.accounts import loading, services, states
from ims.accounts.selectors import load_rows_of
from ims_config.commands import OK, REFUSED, Answer, NotAFile
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants.current import enter
from ims_tenants.selectors import get_council

if TYPE_CHECKING:
    from ims.accounts.models import AccountLoad

_CHUNK = 1024 * 1024
_SHOWN = 5
_COUNTS = ("added", "changed", "reopened", "closed", "unchanged", "rejected")


def load(args: Namespace) -> Answer:
    """`ims accounts load COUNCIL FUND FILE [--full|--delta] [--dry-run]`: compare, then apply."""
    path = Path(args.file)
    if not path.is_file():
        raise NotAFile(f"There is no file at {path}.")
    council, actor = get_council(args.council), system("ims accounts load")
    mode = "delta" if args.delta else "full"
    agreed = services.Agreed(closing=args.accept_closing, rejected=args.accept_rejected)
    with enter(council), path.open("rb") as stream:
        file = services.AccountFile(path.name, _chunks(stream), args.fund, mode)
        received = services.receive(file, actor=actor, at=clock.now(), read_later=False)
        found = loading.read_load(received.pk)
        lines = [
            f"  line {row.line_number:,}: {row.problem}"
            for row in load_rows_of(found.pk, "reject").order_by("line_number")[:_SHOWN]
        ]
        if found.state == states.READY and args.dry_run:
            services.discard(found.pk, reason="Only tried", actor=actor, at=clock.now())
        elif found.state == states.READY:
            services.request_apply(found.pk, agreed, actor=actor, at=clock.now(), apply_later=False)
            found = loading.apply_load(found.pk, at=clock.now())
    return _answer(found, lines, dry_run=args.dry_run)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _answer(found: AccountLoad, rejected: list[str], *, dry_run: bool) -> Answer:
    counts = {name: getattr(found, f"{name}_count") for name in _COUNTS}
    state = "tried" if dry_run and found.state == states.READY else found.state
    data = {
        "id": found.pk, "file_name": found.file_name, "fund": found.fund.code, "mode": found.mode,
        "state": state, "refusal": found.refusal, "row_count": found.row_count, **counts,
    }  # fmt: skip
    if found.state == states.REFUSED:
        return Answer(data, [f"{found.file_name} was not used.", found.refusal], REFUSED)
    done = found.state == states.APPLIED
    if not done and not dry_run:
        words = "Accounts changed while the file was read. Nothing was changed. Try again."
        return Answer(data, [words], REFUSED)
    lines = [
        f"{found.file_name}, {found.row_count:,} lines for {found.fund.name}, "
        + ("is applied." if done else "would do this. Nothing was changed.")
    ]
    lines += [f"{name.capitalize():<12}{number:>10,}" for name, number in counts.items()]
    return Answer(data, lines + rejected, OK)
