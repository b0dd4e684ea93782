"""Why a configuration file was not applied. Nothing of it was, then."""

from ims_kernel.errors import Conflict, ImsError, NotAllowed, NotFound


class FileUnreadable(ImsError):
    """The file is not TOML, or not text."""

    code = "configuration.unreadable"


class WrongSchema(ImsError):
    """The file says another version of the schema, or none."""

    code = "configuration.wrong_schema"


class OtherCouncil(ImsError):
    """The file was written out of another council."""

    code = "configuration.other_council"


class FileRefused(ImsError):
    """One record of the file cannot be used.

    Facts: `line`, `table`, `number`, `field`, and `words`, the reason without the place.
    """

    code = "configuration.refused"


class TablesNotAllowed(NotAllowed):
    """The file holds kinds of setting that the person may not change. Fact: `tables`."""

    code = "configuration.tables_not_allowed"


class SettingsMoved(Conflict):
    """The settings changed after the comparison, so the file would now do something else."""

    code = "configuration.settings_moved"


class ComparisonGone(NotFound):
    """The compared file is too old, was applied already, or is somebody else's."""

    code = "configuration.comparison_gone"
