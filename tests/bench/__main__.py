"""`python -m tests.bench [NAME]`: one line a figure, `NAME VALUE`. Targets: performance.md.

Higher is better unless the name ends in `_cost`. A figure that cannot be measured says why and
does not stop the others; the exit code is 1 then.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ims_config.settings.dev")
os.environ.setdefault("IMS_LOG_LEVEL", "ERROR")
django.setup()

from tests.bench import (  # noqa: E402 - needs Django set up
    accounts,
    exports,
    fleet,
    hosting,
    importing,
    references,
)
from tests.bench.database import bench_database  # noqa: E402

FIGURES = {
    "import_post_100k": importing.import_post_100k,
    "import_memory_cost": importing.import_memory_cost,
    "accounts_refresh_765k": accounts.accounts_refresh_765k,
    "reference_check_us_cost": references.reference_check_us_cost,
    "export_1m": exports.export_1m,
    "new_council": fleet.new_council,
    "migrate_noop_400_cost": fleet.migrate_noop_400_cost,
    "migrate_column_400": fleet.migrate_column_400,
    "host_request": hosting.host_request,
}


def main(wanted: list[str]) -> int:
    """Measure the figures named, or all. Returns an exit code."""
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.stderr.write(f"There is no figure {unknown[0]}. There are: {', '.join(FIGURES)}.\n")
        return 2
    failed = 0
    for name in wanted or FIGURES:
        try:
            with bench_database():
                value = FIGURES[name]()
        except Exception as error:  # noqa: BLE001 - the other figures are still wanted
            failed += 1
            sys.stdout.write(f"# {name} was not measured: {type(error).__name__}: {error}\n")
        else:
            sys.stdout.write(f"{name} {value:.3g}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
