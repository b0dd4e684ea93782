"""The demo and a developer's machine: plain HTTP on localhost."""

from ims_config.settings.base import *  # noqa: F403

# The demo's operator signs in with a password alone; `ims demo` says so.
IMS_OPERATORS_NEED_SECOND_FACTOR = False
IMS_LOOPBACK_PROVIDERS = True
