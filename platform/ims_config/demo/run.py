"""The whole demo: two councils, a year, this morning's bank files, ledger files, and the figures.

Every step looks at what is there first, so a start that was killed is taken up where it stood,
and a second start only counts and proves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ims.ledger.sealing import seal
from ims_config import env
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.eastshire import EASTSHIRE
from ims_config.demo.measuring import measure
from ims_config.demo.morning_work import post_statement, send_ledger_file, send_the_year
from ims_config.demo.northmoor import NORTHMOOR
from ims_config.demo.plan import RECEIPTS
from ims_config.demo.report import CouncilReport, DemoReport
from ims_config.demo.setting_up import ensure_council, ensure_operators, sign_ins
from ims_config.demo.this_morning import LINES
from ims_config.demo.year import is_year_loaded, load_year
from ims_kernel import clock
from ims_tenants import current
from ims_tenants.migrating import migrate_everything

COUNCILS = (NORTHMOOR, EASTSHIRE)

Say = Callable[[str], object]


def _quiet(_words: str) -> None:
    """Say nothing."""


def run(*, today: date, folder: Path | None = None, say: Say = _quiet) -> DemoReport:
    """Bring the demo up to a day and report its figures. Idempotent.

    `folder` takes bank and ledger files, one folder for each council; else `demo` in IMS_VAR_DIR.
    `say` is told what takes longer than a moment.
    """
    environment = env.read()
    files = folder or environment.var_dir / "demo"
    migrate_everything()
    ensure_operators()
    reports = tuple(
        run_council(council, files / council.short_name, today, say=say) for council in COUNCILS
    )
    return DemoReport(
        on=today,
        councils=reports,
        sign_ins=tuple(sign_ins(COUNCILS, public_host=environment.public_host)),
    )


def run_council(
    wanted: DemoCouncil,
    folder: Path,
    today: date,
    *,
    receipts: int = RECEIPTS,
    lines: int = LINES,
    say: Say = _quiet,
) -> CouncilReport:
    """One council of the demo, from nothing or from wherever it stands."""
    council = ensure_council(wanted, at=clock.now())
    with current.enter(council):
        if not is_year_loaded():
            say(f"{wanted.name}: loading a year of {receipts:,} receipts …")
            load_year(wanted, today=today, receipts=receipts)
            send_the_year(wanted, folder, today=today)
        statement = post_statement(wanted, folder, day=today, lines=lines)
        seal(at=clock.now())
        send_ledger_file(wanted, folder, at=clock.now())
        return measure(wanted, statement, folder)
