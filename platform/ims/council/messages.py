"""The messages a council words for itself, what may stand in each, and the words to begin with.

No Django. Values are put in by ims.council.placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value that may stand in a message: its name, what it is, and an example."""

    name: str
    words: str
    sample: str


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message. What `needed` names must stand in its body."""

    code: str
    name: str
    when: str
    placeholders: tuple[Placeholder, ...]
    subject: str
    body: str
    needed: tuple[str, ...] = ()


_COUNCIL = Placeholder("council", "the council’s name", "Northmoor District Council")
_HELP = Placeholder("help", "whom to ask, from the council’s settings", "01632 960 123")
_PAYER = Placeholder("payer", "the payer’s name, when it is known", "A Winterbourne")
_AMOUNT = Placeholder("amount", "the amount with a pound sign", "£123.45")
_REASON = Placeholder("reason", "why, in the words of whoever decided", "Paid twice")
_NUMBER = Placeholder("receipt_number", "the receipt number", "RK7-0042-X")
_LINK = Placeholder(
    "link", "the address to open, for one person", "https://northmoor.example/i/example"
)
_LINES = Placeholder("lines", "what was paid for, one line each", "Council Tax 70000012: £123.45")
_DATE = Placeholder("date", "the day of the payment", "24 November 2026")

MESSAGES: Mapping[str, Message] = MappingProxyType(
    {
        message.code: message
        for message in (
            Message(
                "receipt",
                "Receipt",
                "Sent or printed when a payment is taken.",
                (_COUNCIL, _PAYER, _AMOUNT, _DATE, _NUMBER, _LINES, _HELP),
                "Your payment to {{ council }}: receipt {{ receipt_number }}",
                "Thank you. We received your payment of {{ amount }} on {{ date }}.\n\n"
                "{{ lines }}\n\nReceipt number: {{ receipt_number }}\n\n"
                "If something is not right, contact us: {{ help }}\n\n{{ council }}",
                ("amount", "receipt_number"),
            ),
            Message(
                "refund",
                "Refund",
                "Sent when money goes back to a payer.",
                (_COUNCIL, _PAYER, _AMOUNT, _DATE, _NUMBER, _REASON, _HELP),
                "Your refund from {{ council }}",
                "We have refunded {{ amount }} to the card you paid with. It can take 5 working "
                "days to reach your account.\n\nReason: {{ reason }}\n"
                "Receipt number of the payment: {{ receipt_number }}\n\n"
                "If you have a question, contact us: {{ help }}\n\n{{ council }}",
                ("amount",),
            ),
            Message(
                "invitation",
                "Invitation to staff",
                "Sent to somebody who is to work with the service.",
                (_COUNCIL, _LINK, Placeholder("person", "the person’s name", "Priya"), _HELP),
                "Your account for {{ council }} income management",
                "Hello {{ person }},\n\nOpen this page to choose a password and set up your "
                "account:\n\n{{ link }}\n\nThe address works once and only for you. If you did "
                "not expect this message, contact {{ help }}.",
                ("link",),
            ),
            Message(
                "payment_link",
                "Request for payment",
                "Sent to a payer with the address where they can pay.",
                (_COUNCIL, _PAYER, _AMOUNT, _LINK, _LINES, _HELP),
                "Pay {{ council }}",
                "Please pay {{ amount }} here:\n\n{{ link }}\n\n{{ lines }}\n\n"
                "If you have a question, contact us: {{ help }}\n\n{{ council }}",
                ("link",),
            ),
        )
    }
)
