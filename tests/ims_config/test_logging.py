"""No personal data and no secret reaches a log line or Sentry."""

from __future__ import annotations

import json
import logging
from io import StringIO
from typing import Any

import pytest
import sentry_sdk
import structlog
from hypothesis import given
from hypothesis import strategies as st

from ims_config import monitoring
from ims_config.env import Environment, read
from ims_config.logging import LOGGING_CONFIG_DICT, PRIVATE_KEYS, redact, redact_text

# The test numbers card schemes publish; no real card.
CARDS = ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005"]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_taken_out(card: str) -> None:
    said = redact_text(f"Declined {card} today.")
    assert said == "Declined [number] today."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from 20-00-00 12345678", "from [number]"),
        ("from 20-00-00 today", "from [sort code] today"),
        ("to a.winterbourne+ct@example.co.uk.", "to [email]"),
        ("entry 12345 of 2026-11-24", "entry 12345 of 2026-11-24"),
    ],
)
def test_sort_codes_and_addresses_are_taken_out_and_the_rest_stays(text: str, said: str) -> None:
    assert redact_text(text) == said


@given(st.text(max_size=40), st.sampled_from(CARDS), st.text(max_size=40))
def test_no_card_number_survives_whatever_stands_around_it(
    before: str, card: str, after: str
) -> None:
    assert card not in redact_text(f"{before} {card} {after}")


@pytest.mark.parametrize("key", sorted(PRIVATE_KEYS))
def test_a_private_key_is_hidden_whatever_it_holds(key: str) -> None:
    event = redact(None, "info", {"event": "x", key: {"anything": "A Winterbourne"}})
    assert event[key] == "[hidden]"


def test_what_is_inside_lists_and_facts_is_redacted_too() -> None:
    event = redact(
        None,
        "info",
        {
            "event": "x",
            "facts": {"payer": "A Winterbourne", "note": CARDS[0], "deep": [{"email": "a@b.uk"}]},
            "args": [CARDS[1], ("20-00-00",)],
        },
    )
    said = json.dumps(event)
    for private in ("Winterbourne", CARDS[0], CARDS[1], "a@b.uk", "20-00-00"):
        assert private not in said


def test_ids_that_look_like_numbers_stay_whole() -> None:
    event = redact(None, "info", {"event": "x", "request_id": "1" * 32, "council_id": "2" * 16})
    assert event["request_id"] == "1" * 32
    assert event["council_id"] == "2" * 16


def test_lines_of_django_and_of_libraries_are_json_and_redacted_as_well() -> None:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    options = LOGGING_CONFIG_DICT["formatters"]["json"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=options["foreign_pre_chain"], processors=options["processors"]
        )
    )
    logger = logging.getLogger("somebody.elses.library")
    logger.addHandler(handler)
    try:
        try:
            int(f"Card {CARDS[0]} of a@example.org")
        except ValueError:
            logger.exception("Failed for %s", CARDS[1])
    finally:
        logger.removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert line["level"] == "error"
    assert line["event"] == "Failed for [number]"
    assert "ValueError" in line["exception"]
    for private in (*CARDS[:2], "a@example.org"):
        assert private not in stream.getvalue()


# --- Sentry ---------------------------------------------------------------------------------------
def environment(dsn: str) -> Environment:
    known = read()
    values = {name: getattr(known, name) for name in Environment.__dataclass_fields__}
    return Environment(**{**values, "sentry_dsn": dsn})


def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: Any) -> None:
        pytest.fail("Sentry was started.")

    monkeypatch.setattr(sentry_sdk, "init", refuse)
    assert monitoring.configure(environment("")) is False


def test_with_an_address_it_is_started_without_personal_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: dict[str, Any] = {}
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: started.update(options))
    assert monitoring.configure(environment("https://key@sentry.example/1")) is True
    assert started["send_default_pii"] is False
    assert started["include_local_variables"] is False
    assert started["max_request_body_size"] == "never"
    assert started["before_send"] is monitoring.scrub
    assert started["before_breadcrumb"]({"message": "SELECT"}, {}) is None


def test_an_event_is_scrubbed() -> None:
    event: Any = {
        "message": f"Card {CARDS[0]}",
        "logentry": {"message": f"Card {CARDS[1]}", "formatted": CARDS[1], "params": ["a@b.uk"]},
        "request": {
            "url": "https://northmoor.example/transactions?text=Winterbourne",
            "query_string": "text=Winterbourne",
            "cookies": {"ims_session": "k3y"},
            "data": {"payer": "Winterbourne"},
            "headers": {"Cookie": "ims_session=k3y"},
            "env": {"REMOTE_ADDR": "10.0.0.1"},
        },
        "user": {"email": "a@b.uk"},
        "extra": {"payer": "Winterbourne"},
        "exception": {"values": [{"type": "ValueError", "value": "from 20-00-00 a@b.uk"}]},
        "tags": {"council": "t_abcdefghij"},
    }
    said = json.dumps(monitoring.scrub(event, {}))
    for private in ("Winterbourne", "k3y", "a@b.uk", "20-00-00", "10.0.0.1", CARDS[0], CARDS[1]):
        assert private not in said
    assert "ValueError" in said
    assert "t_abcdefghij" in said
    assert "https://northmoor.example/transactions" in said
