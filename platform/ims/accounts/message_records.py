"""The settings of accounts: what is said about one, and when a file of them asks first."""

from __future__ import annotations

from typing import Any

from ims.accounts.models import AccountHolder, AccountLoadSettings, AccountMessage
from ims.funds.choices import Channel
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Choice, Choices, Link, Text, Values, Whole
from ims_kernel.records.kinds import Kind

_SECTION, _CHANGE = "Accounts", "accounts.configure"
USES = "accounts with this message"


def check_message(after: Values, _before: Values | None) -> None:
    """A stop that a payer meets online must say something to the payer."""
    channels = after["channels"]
    meets_payer = not channels or Channel.ONLINE in channels
    stops = after["severity"] == AccountMessage.Severity.STOP
    if stops and meets_payer and not after["words_to_payer"]:
        raise RecordRefused(
            "Enter the words to the payer: this message stops payments that payers make "
            "themselves, and they must be told what to do instead.",
            field="words_to_payer",
        )


def accounts_with(message: Any) -> int:
    """How many open accounts have the message."""
    return AccountHolder.objects.filter(message=message, is_closed=False).count()


MESSAGES = Kind(
    slug="account-messages",
    singular="account message",
    plural="account messages",
    sentence="An account message says what staff and payers are told about an account, and "
    "whether a payment to it is stopped.",
    section=_SECTION,
    model=AccountMessage,
    change=_CHANGE,
    order=60,
    columns=("code", "name", "fund", "severity"),
    check=check_message,
    constraints={
        "account_message_external_unique": (
            "external_code",
            "Another message of this fund has this code of the back-office system.",
        )
    },
    fields=(
        Text(
            name="code", label="Code", max_length=20, fixed=True, uppercase=True,
            hint="A file of accounts names messages by this code. It cannot be changed later.",
            pattern="[A-Z0-9_-]+", pattern_words="letters, digits, hyphens and underscores only",
        ),
        Link(name="fund", label="Fund", to="funds", fixed=True),
        Text(name="name", label="Name", max_length=60, hint="For example, With enforcement agents"),
        Choice(
            name="severity", label="How much it matters",
            options=(
                ("information", "Information: it is shown"),
                ("warning", "Warning: it must be read before money is taken"),
                ("stop", "Stop: no payment is taken"),
            ),
        ),
        Text(
            name="words_to_staff", label="Words to staff", max_length=300, multiline=True,
            hint="What to do and whom to ask.",
        ),
        Text(
            name="words_to_payer", label="Words to the payer", max_length=300, multiline=True,
            optional=True, hint="Shown online. Say nothing a stranger should not know.",
        ),
        Choices(
            name="channels", label="Ways of paying it applies to", options=tuple(Channel.choices),
            optional=True, hint="None chosen means every way of paying.",
        ),
        Text(
            name="external_code", label="Code of the back-office system", max_length=20,
            optional=True, hint="Where its files use a code of their own for this.",
        ),
    ),
)  # fmt: skip

FILES = Kind(
    slug="account-files",
    singular="settings of account files",
    plural="settings of account files",
    sentence="When a file of accounts is stopped or asks first, because it is likely to be the "
    "wrong file or a broken one.",
    section=_SECTION,
    model=AccountLoadSettings,
    change=_CHANGE,
    single=True,
    order=10,
    fields=(
        Whole(
            name="closing_percent", label="Ask before closing more than this percentage",
            hint="Of the open accounts of the fund.", maximum=100, default=10,
        ),
        Whole(
            name="rejected_percent", label="Refuse a file with this percentage of bad lines",
            hint="Fewer bad lines can be left out by whoever applies the file.",
            minimum=1, maximum=100, default=10,
        ),
    ),
)  # fmt: skip
