"""JSON logs that carry the council and the request, and no personal data."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.types import EventDict, WrappedLogger

# Keys that hold personal or secret data, whatever their value.
PRIVATE_KEYS = frozenset(
    [
        "payer",
        "payer_name",
        "narrative",
        "account_reference",
        "email",
        "password",
        "cookie",
        "authorization",
        "token",
        "bank_account",
        "sort_code",
        "raw",
        "text",
        "body",
    ]
)
# Values of our own making, which may look like a long number.
_OURS = frozenset(
    ["timestamp", "request_id", "council_id", "block_hash", "_record", "_from_structlog"]
)
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_SORT_CODE = re.compile(r"\b\d{2}-\d{2}-\d{2}\b")


def redact_text(text: str) -> str:
    """The text with anything shaped like a card number, an e-mail or a sort code taken out."""
    text = _CARD.sub("[number]", text)
    text = _EMAIL.sub("[email]", text)
    return _SORT_CODE.sub("[sort code]", text)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor: hide private keys and redact every other text, however deep it is."""
    for key, value in event.items():
        if key not in _OURS:
            event[key] = redact_value(key, value)
    return event


def redact_value(key: str, value: Any) -> Any:
    """The value without what is private: by its key, and by how the text in it looks."""
    if key in PRIVATE_KEYS:
        return "[hidden]"
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {str(name): redact_value(str(name), each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact_value("", each) for each in value]
    return value


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact,
]

LOGGING_CONFIG_DICT: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR", "propagate": True},
        "procrastinate": {"level": "WARNING", "propagate": True},
    },
}


def configure_structlog(*, level: str) -> None:
    """Set up structlog and the standard logging module for this process."""
    LOGGING_CONFIG_DICT["root"]["level"] = level
    logging.config.dictConfig(LOGGING_CONFIG_DICT)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
