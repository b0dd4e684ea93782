"""The demo and a developer's machine: plain HTTP on localhost."""

from ims_config.settings.base import *  # noqa: F403
