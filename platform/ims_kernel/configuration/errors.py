"""Why a configuration file was not applied. Nothing of it was, then."""

from ims_kernel.errors import ImsError


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
    """One record of the file cannot be used. Facts: `line`, `table`, `number` and `field`."""

    code = "configuration.refused"
