"""The only reader of the environment. Every variable is listed in docs/reference/settings.md."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says, typed."""

    secret_key: str
    public_host: str
    port: int
    var_dir: Path
    sentry_dsn: str
    environment: str
    release: str
    pooler: str
    log_level: str
    behind_https: bool
    bind: str
    web_workers: int
    forwarded_allow_ips: str


def _kept_secret(var_dir: Path) -> str:
    """A secret made once for this checkout, so that a demo keeps its sessions over a restart."""
    path = var_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def read() -> Environment:
    """Read and type the environment. Raises environ.ImproperlyConfigured for a wrong value."""
    env = environ.Env()
    var_dir = Path(env.str("IMS_VAR_DIR", default=str(ROOT / ".var")))
    return Environment(
        secret_key=env.str("IMS_SECRET_KEY", default="") or _kept_secret(var_dir),
        public_host=env.str("IMS_PUBLIC_HOST", default="localhost"),
        port=env.int("IMS_PORT", default=8000),
        var_dir=var_dir,
        sentry_dsn=env.str("SENTRY_DSN", default=""),
        environment=env.str("IMS_ENVIRONMENT", default="local"),
        release=env.str("IMS_RELEASE", default=""),
        pooler=env.str("IMS_DB_POOLER", default="none"),
        log_level=env.str("IMS_LOG_LEVEL", default="INFO"),
        behind_https=env.bool("IMS_BEHIND_HTTPS", default=False),
        bind=env.str("IMS_BIND", default="") or f"127.0.0.1:{env.int('IMS_PORT', default=8000)}",
        web_workers=env.int("IMS_WEB_WORKERS", default=0) or max(2, os.cpu_count() or 2),
        forwarded_allow_ips=env.str("IMS_FORWARDED_ALLOW_IPS", default="127.0.0.1"),
    )
