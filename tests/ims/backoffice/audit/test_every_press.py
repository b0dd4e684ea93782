"""Every address of a council that answers to a press leaves an event, with who and where from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from ims_config import urls_council
from ims_kernel.audit.acts import LOOK
from ims_kernel.audit.models import AuditEvent
from ims_kernel.origin import WEB
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.audit.posts import CHANGE_NOTHING, EXAMPLES

_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")


def named(
    found: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """(name, address with 1 for every parameter) of every address of a council."""
    for each in urls_council.urlpatterns if found is None else found:
        here = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, here)
        else:
            yield str(each.name or here), _PARAMETER.sub("1", here)


ADDRESSES = dict(named())


def answers_to_a_press(client: Client, name: str) -> bool:
    client.raise_request_exception = False
    return client.post(ADDRESSES[name]).status_code != 405


def test_every_address_that_answers_to_a_press_is_listed(
    council: Council, client_for: ClientFor
) -> None:
    client = client_for(council)
    unknown = [
        name
        for name in ADDRESSES
        if name not in EXAMPLES and name not in CHANGE_NOTHING and answers_to_a_press(client, name)
    ]
    assert not unknown, (
        f"{', '.join(sorted(unknown))}: if pressing a button there changes something, add a line "
        "to EXAMPLES in tests/ims/backoffice/audit/posts.py that prepares and presses it. If it "
        "only shows something, put @require_safe on the view. Else add it to CHANGE_NOTHING there, "
        "with the reason."
    )


def test_every_listed_address_is_there() -> None:
    gone = sorted((set(EXAMPLES) | set(CHANGE_NOTHING)) - set(ADDRESSES))
    assert not gone, f"Delete from tests/ims/backoffice/audit/posts.py: {', '.join(gone)}."
    assert not set(EXAMPLES) & set(CHANGE_NOTHING)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_press_leaves_an_event_with_who_and_where_from(
    council: Council, client_for: ClientFor, name: str
) -> None:
    client = client_for(council)
    press = EXAMPLES[name](client)
    last = AuditEvent.objects.order_by("id").last()
    answer = client.post(reverse(name, args=press.args), press.data)
    assert answer.status_code < 400, answer.content.decode()[:2000]
    made = AuditEvent.objects.filter(pk__gt=last.pk if last else 0).exclude(act__endswith=LOOK)
    mine = [event for event in made if event.actor_id == client.user.pk]  # type: ignore[attr-defined]
    assert mine, f"Pressing {name} left nothing in the audit trail. Events: {list(made)}."
    for event in mine:
        assert event.source == WEB
        assert event.request_id == answer["X-Request-Id"]
        assert event.address == "127.0.0.1"
        assert event.actor_name == client.user.name  # type: ignore[attr-defined]
