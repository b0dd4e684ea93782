"""A provider that only pretends: for training councils and tests. It takes no money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from ims.payments.providers.port import LIVE, Config, ConfigField, Health, unwell, well


class Simulator:
    """Needs nothing, calls nobody, and refuses to be live."""

    kind = "simulator"
    name = "Simulator (no real money)"
    bases: Mapping[str, str] = MappingProxyType({})
    fields: tuple[ConfigField, ...] = ()

    def check_config(self, config: Config, *, at: datetime) -> Health:  # noqa: ARG002 - the port's
        """Always well in test mode."""
        if config.mode == LIVE:
            return unwell("The simulator takes no real money, so it cannot be live.")
        return well("The simulator is ready. It takes no real money.")
