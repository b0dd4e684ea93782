"""What can stop a ledger file, in words a finance officer can act on."""

from __future__ import annotations

from ims_kernel.errors import Conflict, ImsError, NotFound


class LayoutInvalid(ImsError):
    """A layout cannot be used. `problems` names every column and what is wrong with it."""

    code = "exports.layout_invalid"

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        super().__init__(
            f"The layout “{name}” cannot be used. " + " ".join(problems),
            layout=name,
            problems=problems,
        )
        self.problems = problems


class CellUnwritable(ImsError):
    """A value does not fit the layout, so the file is not made."""

    code = "exports.cell_unwritable"


class FileUnreadable(ImsError):
    """A file that we wrote cannot be read back with its own layout."""

    code = "exports.file_unreadable"


class TotalsDisagree(ImsError):
    """The file does not add up to the ledger, so it must not be sent."""

    code = "exports.totals_disagree"
    status = 409


class NothingToExport(ImsError):
    """Every line of the ledger has already left."""

    code = "exports.nothing_to_export"


class RunUnderWay(Conflict):
    """Another file of the same feed is being made."""

    code = "exports.run_under_way"


class LayoutNotFound(NotFound):
    """This council has no layout of that code."""

    code = "exports.layout_not_found"


class RunNotFound(NotFound):
    """This council has no run of that number."""

    code = "exports.run_not_found"


class RunInOtherState(Conflict):
    """The run is past, or not yet at, the point where this can be done."""

    code = "exports.run_in_other_state"


class ReasonMissing(ImsError):
    """A rejection must say why."""

    code = "exports.reason_missing"


class StoredFileChanged(ImsError):
    """The file in storage is not the one that was made."""

    code = "exports.stored_file_changed"
    status = 500
