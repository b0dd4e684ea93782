"""What a person sends from the forms of the console."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from ims_kernel.audit.models import AuditEvent
from tests.ims.backoffice.bank_day import Page

# Queries of every page: host, session, person, roles; and the banners of staff's pages.
EVERY_PAGE = 5
WAY = {"code": "ph", "name": "Phone", "purpose": "card", "control_code": "9200"}
THING: dict[str, Any] = {
    "name": "Leisure", "order": "12", "message": "Hello\r\nthere", "method": "CARD",
    "others": ["CASH", "BANK"], "big": "", "small": "desk", "channels": ["desk"], "open": "on",
    "most": "£1,000.5", "fee": "1.75 %", "starts_on": "1/4/2026", "colour": "#1d4f91",
    "secret": "sk_1", "rates-count": "2",
    "rates-1-starts_on": "1 April 2026", "rates-1-rate": "20", "rates-1-channel": "web",
    "rates-2-starts_on": "", "rates-2-rate": "", "rates-2-channel": "web",
}  # fmt: skip


def opened(client: Client, path: str) -> dict[str, Any]:
    """What the form at an address would send back untouched."""
    html = client.get(path).content.decode()
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = _of(tag, "name"), _of(tag, "value")
        kind = _of(tag, "type")
        if not name or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        found.setdefault(name, []).append(value)
    for name, inner in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', inner)
        found[name] = [unescape(chosen[1]) if chosen else ""]
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL
    ):
        found[name] = [unescape(inner)]
    found.pop("csrfmiddlewaretoken", None)
    return found


def _of(tag: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(match[1]) if match else ""


def error_links(answer: Page) -> dict[str, str]:
    """The error summary: the words of each error, and the field it leads to."""
    html = answer.content.decode()
    summary = html.split('class="govuk-error-summary"')[-1].split("</ul>")[0]
    links = re.findall(r'<a href="#([^"]*)">(.*?)</a>', summary, re.DOTALL)
    for place, _ in links:
        assert f'id="{place}"' in html, f"Nothing has the id {place}."
    return {unescape(text).strip(): place for place, text in links}


def events() -> list[tuple[str, str, str]]:
    """(act, object, reason) of every act so far, oldest first."""
    return list(
        AuditEvent.objects.filter(act__startswith="settings.")
        .exclude(actor_name="ims council create")
        .order_by("id")
        .values_list("act", "object_id", "reason")
    )
