"""The form that moves a suspense item to one or many accounts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from ims.suspense.services import Target
from ims_kernel.errors import ImsError
from ims_kernel.money import plain_pounds
from ims_kernel.web.forms import MoneyField, PageForm, error_list

if TYPE_CHECKING:
    from ims.funds.models import Fund

MAX_ACCOUNTS = 10
_MOST_DIGITS = 2


class AccountForm(PageForm):
    """One account the money goes to."""

    fund = forms.ChoiceField(label="Fund", error_messages={"required": "Select a fund"})
    account = forms.CharField(
        label="Account",
        max_length=40,
        error_messages={"required": "Enter the account, as it stands on the bill"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    amount = MoneyField(label="Amount", error_messages={"required": "Enter an amount"})

    def __init__(self, *args: Any, funds: Sequence[Fund], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fund"].choices = [("", "Select a fund")] + [  # type: ignore[attr-defined]
            (fund.code, fund.name) for fund in funds
        ]


class NoteForm(PageForm):
    """Why, and the key that makes a second press of the button do nothing."""

    note = forms.CharField(
        label="Note (optional)",
        help_text="Who told you, or where you looked. It stays in the history.",
        required=False,
        max_length=500,
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AllocationForms:
    """The accounts and the note of one allocation, as they are shown and as they come back.

    Amounts are typed without sign: `sign` (1 or -1) is the item's.
    """

    def __init__(
        self, funds: Sequence[Fund], remaining_pence: int, given: QueryDict | None = None
    ) -> None:
        self.sign = -1 if remaining_pence < 0 else 1
        self._funds = funds
        self.given = given
        count = _count(given.get("accounts", "")) if given is not None else 1
        first = {"amount": plain_pounds(abs(remaining_pence)), "fund": _only(funds)}
        self.accounts = [
            self._account(place, first if place == 0 else {}) for place in range(count)
        ]
        self.note = NoteForm(given, initial={"key": uuid.uuid4()})

    def _account(self, place: int, initial: dict[str, str]) -> AccountForm:
        return AccountForm(self.given, prefix=f"to-{place + 1}", initial=initial, funds=self._funds)

    def changed(self, *, added: int = 0, without: int | None = None) -> AllocationForms:
        """The same answers with accounts added, or without the one at a place; nothing checked."""
        given = self.given.copy() if self.given is not None else QueryDict(mutable=True)
        answers = [
            {name: given.get(f"{form.prefix}-{name}", "") for name in form.fields}
            for place, form in enumerate(self.accounts)
            if place != without
        ]
        other = AllocationForms(self._funds, self.sign)
        count = max(1, min(len(answers) + added, MAX_ACCOUNTS))
        answers += [{}] * (count - len(answers))
        other.accounts = [
            AccountForm(prefix=f"to-{place + 1}", initial=answer, funds=self._funds)
            for place, answer in enumerate(answers)
        ]
        other.note = NoteForm(initial={name: given.get(name, "") for name in ("note", "key")})
        return other

    def is_valid(self) -> bool:
        """Whether every field can be read. All are checked, so that all errors show at once."""
        return all([*(form.is_valid() for form in self.accounts), self.note.is_valid()])

    def targets(self) -> list[Target]:
        """Where the money goes, in pence with the item's sign. Only when is_valid."""
        return [
            Target(
                form.cleaned_data["fund"],
                form.cleaned_data["account"],
                self._signed(form.cleaned_data["amount"]),
            )
            for form in self.accounts
        ]

    def _signed(self, pence: int) -> int:
        # Money out may be typed with or without its minus; a minus on money in is a mistake.
        return -abs(pence) if self.sign < 0 else pence

    def key(self) -> str:
        """What makes this allocation happen once, however often it is sent."""
        return str(self.note.cleaned_data["key"] or uuid.uuid4())

    def refuse(self, error: ImsError) -> None:
        """Show what the service refused beside the field it names, or for the form as a whole."""
        place, field = error.facts.get("target"), error.facts.get("field")
        if isinstance(place, int) and place < len(self.accounts) and field:
            self.accounts[place].add_ims_error(error, field)
        else:
            self.note.add_ims_error(error)

    def errors(self) -> list[dict[str, str]]:
        """The items of the error summary; with several accounts, each says which it is about."""
        several = len(self.accounts) > 1
        found = []
        for place, form in enumerate(self.accounts, start=1):
            for item in error_list(form):
                text = f"Account {place}: {item['text']}" if several else item["text"]
                found.append({**item, "text": text})
        return found + error_list(self.note)

    def fresh_key(self) -> None:
        """Let the next press be an allocation of its own."""
        given = QueryDict(mutable=True) if self.given is None else self.given.copy()
        given["key"] = str(uuid.uuid4())
        self.note.data = given


def _only(funds: Sequence[Fund]) -> str:
    return funds[0].code if len(funds) == 1 else ""


def _count(text: str) -> int:
    whole = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return max(1, min(int(text), MAX_ACCOUNTS)) if whole else 1
