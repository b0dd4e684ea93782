"""The only reader of the environment. Every variable is listed in docs/reference/settings.md."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import environ

from ims_kernel.crypto.envelope import new_key, read_key, write_key
from ims_kernel.errors import ImsError

ROOT = Path(__file__).resolve().parents[2]


class NoFolderNamed(ImsError):
    """Installed as a package, there is no checkout to keep files in."""

    code = "config.no_folder_named"
    status = 503


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says, typed."""

    secret_key: str = field(repr=False)
    public_host: str
    port: int
    var_dir: Path
    sentry_dsn: str
    environment: str
    release: str
    log_level: str
    behind_https: bool
    bind: str
    web_workers: int
    forwarded_allow_ips: str
    breached_passwords: str
    email_url: str
    email_from: str
    key_encryption_keys: tuple[bytes, ...] = field(repr=False)
    key_encryption_key_is_named: bool
    provider_addresses: dict[str, str]


def _kept(path: Path, make: Callable[[], str]) -> str:
    """A secret made once for this checkout, so that a demo survives a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(make())
        # Of two processes that start at once, the first one's stays.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(partial)
        partial.unlink()
    return path.read_text()


def _key_encryption_keys(named: str, var_dir: Path) -> tuple[bytes, ...]:
    """The first wraps; all of them open. Raises KeyUnusable."""
    text = named or _kept(var_dir / "key_encryption_key", lambda: write_key(new_key()))
    return tuple(read_key(each) for each in text.split(","))


def _var_dir(named: str) -> Path:
    if named:
        return Path(named).absolute()
    if not (ROOT / "pyproject.toml").is_file():
        # Beside the installed package would be lost, with every stored file, at the next upgrade.
        raise NoFolderNamed(
            "No folder is named for stored files. Set IMS_VAR_DIR to a folder that only the "
            "service's user can read, for example /var/lib/ims, and run the command again."
        )
    return ROOT / ".var"


def read() -> Environment:
    """Read and type the environment.

    Raises environ.ImproperlyConfigured for a wrong value, NoFolderNamed and KeyUnusable.
    """
    env = environ.Env()
    var_dir = _var_dir(env.str("IMS_VAR_DIR", default=""))
    key_encryption_key = env.str("IMS_KEY_ENCRYPTION_KEY", default="")
    return Environment(
        secret_key=env.str("IMS_SECRET_KEY", default="")
        or _kept(var_dir / "secret_key", lambda: secrets.token_urlsafe(50)),
        public_host=env.str("IMS_PUBLIC_HOST", default="localhost"),
        port=env.int("IMS_PORT", default=8000),
        var_dir=var_dir,
        sentry_dsn=env.str("SENTRY_DSN", default=""),
        environment=env.str("IMS_ENVIRONMENT", default="local"),
        release=env.str("IMS_RELEASE", default=""),
        log_level=env.str("IMS_LOG_LEVEL", default="INFO"),
        behind_https=env.bool("IMS_BEHIND_HTTPS", default=False),
        bind=env.str("IMS_BIND", default="") or f"127.0.0.1:{env.int('IMS_PORT', default=8000)}",
        web_workers=env.int("IMS_WEB_WORKERS", default=0) or max(2, os.cpu_count() or 2),
        forwarded_allow_ips=env.str("IMS_FORWARDED_ALLOW_IPS", default="127.0.0.1"),
        breached_passwords=env.str("IMS_BREACHED_PASSWORDS", default=""),
        email_url=env.str("IMS_EMAIL_URL", default=""),
        email_from=env.str("IMS_EMAIL_FROM", default="no-reply@localhost"),
        key_encryption_keys=_key_encryption_keys(key_encryption_key, var_dir),
        key_encryption_key_is_named=bool(key_encryption_key),
        provider_addresses=env.dict("IMS_PROVIDER_ADDRESSES", default={}),
    )


def email_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp+tls://user:password@host:587` and the like.

    Raises environ.ImproperlyConfigured for a scheme there is not.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    found: dict[str, Any] = environ.Env.email_url_config(url)
    return found
