"""`ims config` and `ims api`: a council's settings as a file, and the API's description."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ims.api.schema import description
from ims_config.commands import Answer, NotAFile
from ims_kernel import clock
from ims_kernel.configuration import applying, document, writing
from ims_kernel.identity.permissions import system
from ims_kernel.records.kinds import ONLY
from ims_kernel.records.services import Asked
from ims_tenants.current import enter
from ims_tenants.selectors import get_council

if TYPE_CHECKING:
    from ims_kernel.configuration.applying import Change, Outcome


def export(args: Namespace) -> Answer:
    """`ims config export COUNCIL FILE`: write every setting but credentials and people."""
    council = get_council(args.council)
    with enter(council):
        text = writing.write(council.name)
    Path(args.file).write_text(text, encoding="utf-8")
    count = text.count("\n[")
    return Answer(
        {"council": council.name, "file": args.file, "tables": count},
        [f"The settings of {council.name} are in {args.file}. Credentials and people are not."],
    )


def apply(args: Namespace) -> Answer:
    """`ims config apply COUNCIL FILE [--dry-run]`: bring the settings to what the file says."""
    path = Path(args.file)
    if not path.is_file():
        raise NotAFile(f"There is no file at {path}.")
    council = get_council(args.council)
    found = document.read(path.read_bytes())
    document.check_council(found, council.name)
    asked = applying.by_the_service(
        Asked(system("ims config apply"), clock.now(), reason=f"Configuration file {path.name}")
    )
    with enter(council):
        outcome = (applying.compare if args.dry_run else applying.apply)(found, asked)
    return Answer(
        _data(outcome, dry_run=args.dry_run), _lines(outcome, council.name, dry_run=args.dry_run)
    )


def schema(args: Namespace) -> Answer:
    """`ims config schema FILE`: write the JSON Schema of configuration files."""
    found = writing.json_schema()
    Path(args.file).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return Answer({"file": args.file}, [f"The schema is in {args.file}."])


def describe_api(args: Namespace) -> Answer:
    """`ims api describe FILE`: write the OpenAPI description of the API."""
    text = json.dumps(description(), indent=2) + "\n"
    Path(args.file).write_text(text, encoding="utf-8")
    return Answer({"file": args.file}, [f"The description of the API is in {args.file}."])


def _data(outcome: Outcome, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "changes": [
            {"table": c.slug, "key": c.key, "what": c.what, "before": c.before, "after": c.after}
            for c in outcome.changes
        ],
        "unchanged": outcome.unchanged,
        "not_in_file": outcome.not_in_file,
    }


def _lines(outcome: Outcome, council: str, *, dry_run: bool) -> list[str]:
    lines = [line for change in outcome.changes for line in said(change)]
    lines += [f"not in the file, left as it is: {name}" for name in outcome.not_in_file]
    done = "would change" if dry_run else "changed"
    number = len(outcome.changes)
    what = "setting" if number == 1 else "settings"
    counted = f"{number:,} {what} {done}, {outcome.unchanged:,} were so already"
    return [*lines, f"{council}: {counted}."]


def said(change: Change) -> list[str]:
    """A change as lines: what, and each field that differs."""
    key = "" if change.key == ONLY else change.key
    lines = [f"{change.what}: {change.kind} {key}".rstrip()]
    for label, after in change.after.items():
        before = change.before.get(label)
        was = f"{before or 'nothing'} → " if before is not None else ""
        lines.append(f"    {label}: {was}{after or 'nothing'}")
    return lines
