"""The council's own settings: how it looks, its words, its banners."""

from __future__ import annotations

import re
from typing import Any

from ims.council.logos import keep_logo
from ims.council.messages import MESSAGES
from ims.council.models import PLACES, SEVERITIES, Banner, CouncilSettings, Wording
from ims.council.placeholders import PlaceholderUnknown
from ims.council.placeholders import check as check_placeholders
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import (
    Choice,
    Choices,
    Colour,
    Day,
    Field,
    Flag,
    Picture,
    Text,
    Values,
    Whole,
)
from ims_kernel.records.kinds import Kind
from ims_kernel.records.storing import set_columns
from ims_tenants.look import Look, change_look, current_look

_VAT_NUMBER = r"GB \d{3} \d{4} \d{2}"


def _years(name: str, label: str, hint: str, **options: Any) -> Whole:
    return Whole(name=name, label=label, hint=hint, minimum=1, maximum=100, **options)


LOOK_FIELDS: tuple[Field, ...] = (
    Text(
        name="display_name",
        label="Name on pages",
        hint="Empty: the name the council was set up with.",
        optional=True,
    ),
    Text(
        name="short_name",
        label="Short name",
        hint="For lists and messages on a phone.",
        max_length=30,
        optional=True,
    ),
    Colour(
        name="accent_colour",
        label="Colour",
        hint="Like #1d4f91. It must be dark enough to be read on white.",
        default="#1d4f91",
    ),
    Picture(
        name="logo",
        label="Logo",
        hint="PNG, JPEG or plain SVG, at most 1MB. It stands on the colour, beside the name.",
    ),
    Flag(name="show_logo", label="Show the logo on every page", default=True),
)
ABOUT_FIELDS: tuple[Field, ...] = (
    Text(
        name="vat_number",
        label="VAT number",
        hint="Like GB 123 4567 89. It stands on receipts with VAT.",
        max_length=14,
        pattern=_VAT_NUMBER,
        pattern_words="like GB 123 4567 89",
        optional=True,
        uppercase=True,
        heading="About the council",
    ),
    Text(
        name="address",
        label="Registered address",
        max_length=300,
        multiline=True,
        optional=True,
    ),
    Text(
        name="help_contact",
        label="Whom payers and staff can ask",
        hint="A telephone number or e-mail address, with opening hours.",
        max_length=200,
        optional=True,
    ),
)
KEEP_FIELDS: tuple[Field, ...] = (
    Whole(
        name="keep_money_years",
        label="Receipts and ledger entries",
        hint="At least 3. Most councils keep the current year and 6 more.",
        minimum=3,
        maximum=100,
        default=6,
        heading="How many years to keep, after the end of the financial year",
    ),
    Whole(
        name="keep_vat_years",
        label="VAT records",
        hint="HMRC asks for at least 6 (VAT Notice 700/21).",
        minimum=6,
        maximum=100,
        default=6,
    ),
    _years("keep_payer_years", "Payers’ names and addresses", "", default=6),
    _years("keep_files_years", "Bank files and other uploads", "", default=6),
    Whole(
        name="keep_audit_years",
        label="Who did what",
        hint="At least 2, so that each year’s audit can see the year before.",
        minimum=2,
        maximum=100,
        default=6,
    ),
    _years("keep_sign_in_years", "When people signed in", "", default=1),
)


def check_council(after: Values, _before: Values | None) -> None:
    """The VAT number's check digits (HMRC: modulus 97, and 97 less 55 for newer numbers)."""
    digits = re.sub(r"\D", "", after["vat_number"])
    if not digits:
        return
    weighted = sum(int(d) * w for d, w in zip(digits[:7], range(8, 1, -1), strict=True))
    if (weighted + int(digits[7:])) % 97 not in (0, 42):
        raise RecordRefused(
            "The VAT number has a slip: its last two digits do not fit the others. Check it.",
            field="vat_number",
        )


def load_council(_settings: CouncilSettings) -> Values:
    """What stands on the council's row in public, and no pictures."""
    look = current_look()
    return {"display_name": look.display_name, "accent_colour": look.accent_colour, "logo": None}


def store_council(settings: CouncilSettings, values: Values) -> None:
    """Save the settings, the logo that came with them, and the look."""
    set_columns(COUNCIL, settings, values)
    if values["logo"]:
        keep_logo(settings, values["logo"])
    settings.save()
    mark = settings.logo_mark if settings.show_logo else ""
    change_look(Look(values["display_name"], values["accent_colour"], mark))


COUNCIL = Kind(
    slug="council",
    singular="council",
    plural="council",
    sentence="How your council looks on every page, how it is reached, and how long it keeps what.",
    section="Council",
    model=CouncilSettings,
    fields=(*LOOK_FIELDS, *ABOUT_FIELDS, *KEEP_FIELDS),
    change="council.configure",
    single=True,
    order=90,
    check=check_council,
    load=load_council,
    store=store_council,
)


def check_banner(after: Values, _before: Values | None) -> None:
    """A banner must end after it starts, and stand somewhere."""
    if after["starts_on"] and after["ends_on"] and after["ends_on"] < after["starts_on"]:
        raise RecordRefused("The last day is before the first. Change one.", field="ends_on")
    if not after["places"]:
        raise RecordRefused("Choose where the banner stands.", field="places")


BANNERS = Kind(
    slug="banners",
    singular="banner",
    plural="banners",
    sentence="A short message across the top of pages, such as when a system is closed.",
    section="Council",
    model=Banner,
    fields=(
        Text(
            name="code",
            label="Code",
            hint="Short, for your own list, such as CLOSED.",
            max_length=20,
            pattern=r"[A-Z0-9][A-Z0-9_-]*",
            pattern_words="capital letters, digits, - and _",
            uppercase=True,
            fixed=True,
        ),
        Text(name="words", label="Message", hint="At most 160 characters.", max_length=160),
        Choice(name="severity", label="Severity", options=SEVERITIES, default="information"),
        Choices(name="places", label="Where it stands", options=PLACES, default=["staff"]),
        Day(name="starts_on", label="First day", hint="Empty: from now on.", optional=True),
        Day(name="ends_on", label="Last day", hint="Empty: until you retire it.", optional=True),
    ),
    title="words",
    columns=("code", "words", "severity", "starts_on", "ends_on"),
    change="council.configure",
    order=92,
    check=check_banner,
)


def check_wording(after: Values, _before: Values | None) -> None:
    """Only known placeholders, and those the message cannot do without."""
    message = MESSAGES[after["code"]]
    known = [each.name for each in message.placeholders]
    for field, needed in (("subject", ()), ("body", message.needed)):
        try:
            check_placeholders(after[field], known=known, needed=needed)
        except PlaceholderUnknown as error:
            raise RecordRefused(error.message, field=field) from error


def _placeholders_hint() -> str:
    return "Write {{ council }}, for example; the preview page lists what each message has."


WORDING = Kind(
    slug="wording",
    singular="message",
    plural="messages",
    sentence="What receipts and e-mails say. A retired message says what it said to begin with.",
    section="Council",
    model=Wording,
    fields=(
        Choice(
            name="code",
            label="Message",
            options=tuple((each.code, each.name) for each in MESSAGES.values()),
            fixed=True,
        ),
        Text(name="subject", label="Subject", hint=_placeholders_hint(), max_length=150),
        Text(name="body", label="Text", hint=_placeholders_hint(), max_length=4000, multiline=True),
    ),
    title="code",
    columns=("code", "subject"),
    change="council.configure",
    order=94,
    check=check_wording,
)
