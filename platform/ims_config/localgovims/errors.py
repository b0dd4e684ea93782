"""Why a dump was not read. Nothing is written, then."""

from ims_kernel.errors import ImsError


class NotAFolder(ImsError):
    """The path is not a folder of CSV files."""

    code = "localgovims.not_a_folder"


class TableMissing(ImsError):
    """The dump has no file for a table that no council can do without."""

    code = "localgovims.table_missing"


class TableUnreadable(ImsError):
    """A file of the dump is not CSV text with the table's columns."""

    code = "localgovims.table_unreadable"


class CellUnusable(ImsError):
    """A cell of the dump is not what its column holds. Facts: `file`, `line` and `column`."""

    code = "localgovims.cell_unusable"
