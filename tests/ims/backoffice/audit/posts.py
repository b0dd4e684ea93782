"""What is pressed in a council, by the name of its address. One line for each, added with the page.

An example prepares what it needs in the council at hand and says what the browser then sends. It
must be something the page accepts: the test asserts that the press left an event behind.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from django.test import Client

from ims.exports import services as exports
from ims.exports.models import ExportRun
from ims_kernel import clock
from tests.ims.backoffice.audit import presses_of_accounts, presses_of_people, presses_of_settings
from tests.ims.backoffice.audit.press import Press
from tests.ims.backoffice.bank_day import (
    KNOWN,
    PRIYA,
    UNKNOWN,
    camt,
    parked,
    posted,
    ready,
    uploaded,
)


def _upload(_client: Client) -> Press:
    return Press(data={"profile": "bank", "file": uploaded(camt(KNOWN))})


def _ready(_client: Client, **data: str) -> Press:
    return Press((ready(camt(KNOWN)).pk,), data)


def _made() -> ExportRun:
    posted(camt(KNOWN))
    return exports.run(LAYOUT, actor=PRIYA, at=clock.now())


def _sent() -> ExportRun:
    return exports.mark_sent(_made().pk, actor=PRIYA, at=clock.now())


def _make(_client: Client) -> Press:
    posted(camt(KNOWN))
    return Press(data={"layout": LAYOUT})


def _allocate(_client: Client) -> Press:
    item = parked(UNKNOWN)
    to = {"to-1-fund": "CT", "to-1-account": "770012345", "to-1-amount": "45.00"}
    return Press((item.pk,), {"accounts": "1", "key": str(uuid.uuid4()), "note": "", **to})


LAYOUT = "general-journal"

EXAMPLES: Mapping[str, Callable[[Client], Press]] = {
    "import_upload": _upload,
    "import_post": _ready,
    "import_read_again": _ready,
    "import_discard": lambda client: _ready(client, reason="Sent twice"),
    "suspense_item": _allocate,
    "export_make": _make,
    "export_sent": lambda _: Press((_made().pk,)),
    "export_accepted": lambda _: Press((_sent().pk,)),
    **presses_of_accounts.EXAMPLES,
    **presses_of_people.EXAMPLES,
    **presses_of_settings.EXAMPLES,
    "export_reject": lambda _: Press((_sent().pk,), {"reason": "Wrong month"}),
}

# Addresses that answer to a press and change nothing, or are recorded elsewhere; with the reason.
CHANGE_NOTHING: Mapping[str, str] = {
    "dashboard": "shows figures; a press is answered like a visit",
    "transactions": "a search; a press is answered like a visit",
    "transactions_csv": "a download, recorded as one; a press is answered like a visit",
    "transaction": "a look, recorded as one; a press is answered like a visit",
    "theme_css": "a style sheet",
    "accessibility": "a statement",
    "sign_in": "nobody is signed in yet: tests/ims_kernel/identity says what is kept",
    "sign_out": "ends a session of one's own",
    "invitation": "nobody is signed in yet: identity.accept_invitation, by the person themselves",
    "payment_account_check": "asks a provider: payments.ask_provider (tests/ims/payments)",
    "reference_check": "tries a reference and keeps nothing",
    "reference_check_list": "tries references and keeps nothing",
    "api_account_loads": "asks for a key first; accounts.receive_load (tests/ims/api)",
    "api_check_reference": "asks for a key first; tries a reference and keeps nothing",
    **dict.fromkeys(
        (
            "add_passkey",
            "change_password",
            "confirm_person",
            "forgot_password",
            "new_password",
            "recovery_codes",
            "remove_factor",
            "security",
            "set_up_app",
            "set_up_factor",
            "sign_in_code",
            "sign_in_passkey",
            "sign_out_elsewhere",
            "single_sign_on",
            "single_sign_on_back",
        ),
        "a person's own sign-in, often before anybody is signed in: signin.* events, each tried in "
        "tests/ims_kernel/signin",
    ),
    **dict.fromkeys(
        (
            "api_account_load",
            "api_accounts",
            "api_funds",
            "api_methods",
            "api_vat_codes",
            "api_schema",
        ),
        "asks for a key first, and then only reads",
    ),
}
