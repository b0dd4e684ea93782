"""`ims config import-localgovims`: the settings of an existing LocalGov IMS database as a file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ims_config.commands import Answer
from ims_config.localgovims.converting import Converted, convert
from ims_config.localgovims.errors import NotAFolder
from ims_config.localgovims.report import lines_of, markdown_of
from ims_kernel import clock


def import_localgovims(args: Namespace) -> Answer:
    """`ims config import-localgovims FOLDER FILE [--report FILE] [--vat-from DATE]`."""
    targets = [Path(name) for name in (args.file, args.report) if name]
    for target in targets:
        if not target.parent.is_dir():
            raise NotAFolder(f"There is no folder {target.parent} to write {target.name} into.")
    found = convert(Path(args.folder), vat_from=args.vat_from, today=clock.today())
    targets[0].write_text(found.text, encoding="utf-8")
    if args.report:
        targets[1].write_text(markdown_of(found.report), encoding="utf-8")
    return Answer(_data(found, args.file), [*lines_of(found.report), "", _done(found, args.file)])


def _done(found: Converted, file: str) -> str:
    count = sum(len(records) for records in found.tables.values())
    return f"{count:,} settings are in {file}. Read the report before you apply it."


def _data(found: Converted, file: str) -> dict[str, object]:
    report = found.report
    return {
        "file": file,
        "settings": {slug: len(records) for slug, records in found.tables.items()},
        "tables": [
            {"table": table, "rows": read, "carried": carried}
            for table, read, carried in report.counts()
        ],
        "not_carried": [note._asdict() for note in report.left],
        "carried_otherwise": [note._asdict() for note in report.otherwise],
        "never_carried": report.never,
        "files": report.files,
        "next": report.steps,
    }
