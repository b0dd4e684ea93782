"""Account messages and the limits of files as settings of the council."""

from __future__ import annotations

import pytest

from ims.accounts.message_records import FILES, MESSAGES, accounts_with, check_message
from ims.accounts.models import AccountMessage
from ims.accounts.selectors import load_settings
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import kinds, services
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.kinds import ONLY
from ims_tenants.models import Council
from tests.factories.accounts import HEADER, applied, csv_of, line

STOP = {
    "severity": "stop", "channels": [], "words_to_payer": "", "words_to_staff": "Ask recovery",
}  # fmt: skip


def test_a_stop_that_payers_meet_must_speak_to_them() -> None:
    with pytest.raises(RecordRefused) as caught:
        check_message(STOP, None)
    assert caught.value.facts["field"] == "words_to_payer"
    with pytest.raises(RecordRefused):
        check_message({**STOP, "channels": ["online", "phone"]}, None)
    check_message({**STOP, "channels": ["phone"]}, None)
    check_message({**STOP, "words_to_payer": "Please call us."}, None)
    check_message({**STOP, "severity": "warning"}, None)


def test_the_limits_of_files_are_settings(council: Council, actor: Actor) -> None:
    assert kinds.get_kind("account-files") is FILES
    asked = services.Asked(actor, clock.now(), "A small council")
    services.save(FILES, ONLY, {"closing_percent": 25}, asked=asked)
    assert (load_settings().closing_percent, load_settings().rejected_percent) == (25, 10)


def test_a_message_says_how_many_accounts_have_it(council: Council) -> None:
    message = AccountMessage.objects.create(
        code="NOTE", fund=Fund.objects.get(code="CT"), name="Note", severity="information",
        words_to_staff="x",
    )  # fmt: skip
    header = f"{HEADER},message"
    applied(csv_of(line("A1") + ",NOTE", line("B1") + ",", header=header))
    assert accounts_with(message) == 1
    assert kinds.get_kind("account-messages") is MESSAGES
