"""What a browser sends when a button is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Press:
    """The values of the address's parameters, and the fields of the form."""

    args: tuple[Any, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
