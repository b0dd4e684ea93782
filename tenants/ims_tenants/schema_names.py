"""The one rule for names of councils' schemas."""

from __future__ import annotations

import base64
import re
import secrets

# Machine-made and never from what a person typed. PostgreSQL and django-tenants accept far more,
# `../tb` and `%s` among it (docs/adr/0007-a-council-is-a-host.md).
PATTERN = r"^t_[a-z2-7]{10}$"
TEMPLATE = "zz_template"
_MATCH = re.compile(PATTERN)


def new_name() -> str:
    """A fresh schema name such as `t_k3v7qa2m5x`."""
    return "t_" + base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


def is_council_schema(name: str) -> bool:
    """Whether the name is one of ours for a council. False for public and the template."""
    return _MATCH.fullmatch(name) is not None
