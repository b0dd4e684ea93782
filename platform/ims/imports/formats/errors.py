"""Why a whole bank file is refused: one class per fact, each with a stable code."""

from __future__ import annotations

from ims_kernel.errors import ImsError


class FileRefused(ImsError):
    """Nothing of the file may be kept. The message says what to do next."""

    code = "imports.file_refused"


class FileEmpty(FileRefused):
    """The file has no bytes, or nothing but spaces and blank lines."""

    code = "imports.file_empty"

    def __init__(self) -> None:
        super().__init__("The file is empty. Download it from the bank again.")


class FileHasNoLines(FileRefused):
    """A header and nothing under it."""

    code = "imports.file_has_no_lines"

    def __init__(self) -> None:
        super().__init__(
            "The file has a header but no bank lines under it. "
            "Check the dates you chose at the bank, then download it again."
        )


class FileIsBinary(FileRefused):
    """A workbook, a PDF, an archive, or bytes that are no text at all."""

    code = "imports.file_is_binary"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The file is {kind}, not a bank statement we can read. "
            "Download it from the bank as CSV or as camt.053 XML.",
            kind=kind,
        )


class EncodingUnreadable(FileRefused):
    """Bytes that are not text in the encoding the file uses."""

    code = "imports.encoding_unreadable"

    def __init__(self, encoding: str, position: int) -> None:
        super().__init__(
            f"The file is not readable text: byte {position + 1:,} is not valid {encoding}. "
            "It may be damaged. Download it from the bank again.",
            encoding=encoding,
            position=position,
        )


class LineTooLong(FileRefused):
    """A line no bank writes; usually two files joined or the line ends lost."""

    code = "imports.line_too_long"

    def __init__(self, line_number: int) -> None:
        super().__init__(
            f"Line {line_number:,} is far too long for a bank line. "
            "The file may be damaged. Download it from the bank again.",
            line_number=line_number,
        )


class QuoteNotClosed(FileRefused):
    """A quotation mark opened on a line and not closed on it would swallow the lines below."""

    code = "imports.quote_not_closed"

    def __init__(self, line_number: int) -> None:
        super().__init__(
            f'Line {line_number:,} opens a quotation mark (") and does not close it, so the lines '
            "below it cannot be told apart. Download the file again, or correct that line.",
            line_number=line_number,
        )


class HeaderChanged(FileRefused):
    """Nearly the header of a bank we know, but not quite."""

    code = "imports.header_changed"

    def __init__(self, bank: str, *, missing: list[str], unknown: list[str]) -> None:
        parts = []
        if missing:
            parts.append("Missing: " + ", ".join(f"“{name}”" for name in missing) + ".")
        if unknown:
            parts.append("Not known: " + ", ".join(f"“{name}”" for name in unknown) + ".")
        if not parts:
            parts.append("The columns are repeated or in another order.")
        super().__init__(
            f"The file looks like {bank}, but its header has changed. {' '.join(parts)} "
            "Download it again without choosing other columns. If the bank has changed its "
            "file, send this message to support.",
            bank=bank,
            missing=missing,
            unknown=unknown,
        )


class TooManyColumns(FileRefused):
    """A header wider than any bank's."""

    code = "imports.too_many_columns"

    def __init__(self, columns: int, limit: int) -> None:
        super().__init__(
            f"The first line has {columns:,} columns; a bank file has at most {limit}. "
            "This is not a bank statement. Choose another file.",
            columns=columns,
        )


class NotThisFormat(FileRefused):
    """Read as one format on request, but it is not that format."""

    code = "imports.not_this_format"

    def __init__(self, name: str, looks_like: str) -> None:
        super().__init__(
            f"The file is not {name}. It looks like {looks_like}. "
            "Choose the right file, or let the service find the format itself.",
            name=name,
        )


class FormatNotRecognised(FileRefused):
    """No format knows the file."""

    code = "imports.format_not_recognised"

    def __init__(self, looks_like: str, names: list[str]) -> None:
        super().__init__(
            f"We cannot tell which bank file this is. It looks like {looks_like}. "
            f"We can read: {'; '.join(names)}. Download one of these from the bank.",
            known=names,
        )


class FormatUnknown(FileRefused):
    """A format was asked for by a code that does not exist."""

    code = "imports.format_unknown"

    def __init__(self, asked: str, codes: list[str]) -> None:
        super().__init__(
            f"There is no file format “{asked}”. Use one of: {', '.join(codes)}.", known=codes
        )


class BalancesDoNotFollow(FileRefused):
    """The balance column of a CSV does not follow from its amounts: lines are gone or changed."""

    code = "imports.balances_do_not_follow"

    def __init__(self, line_number: int, *, balance: str, expected: str) -> None:
        super().__init__(
            f"The balances do not follow from the amounts. At line {line_number:,} the balance is "
            f"{balance} where the lines around it make {expected}. A line is missing, changed or "
            "there twice. Download the whole statement again, without filters.",
            line_number=line_number,
            balance=balance,
            expected=expected,
        )


class BalancesDoNotAgree(FileRefused):
    """Opening balance plus entries is not the closing balance, or not the declared total."""

    code = "imports.balances_do_not_agree"

    def __init__(self, statement: str, *, made: str, declared: str, first_bad: str) -> None:
        hint = f" {first_bad}" if first_bad else ""
        super().__init__(
            f"Statement {statement} does not add up: its entries make {made}, "
            f"but it says {declared}.{hint} Nothing was kept. Ask the bank to send it again.",
            statement=statement,
            made=made,
            declared=declared,
        )


class EntryCountDiffers(FileRefused):
    """The statement says how many entries it has, and has another number."""

    code = "imports.entry_count_differs"

    def __init__(self, statement: str, *, found: int, declared: int) -> None:
        super().__init__(
            f"Statement {statement} says it has {declared:,} entries, but {found:,} are in the "
            "file. Nothing was kept. Ask the bank to send it again.",
            statement=statement,
            found=found,
            declared=declared,
        )


class CurrencyNotSupported(FileRefused):
    """Money that is not pounds sterling."""

    code = "imports.currency_not_supported"

    def __init__(self, currency: str, where: str) -> None:
        super().__init__(
            f"{where} is in {currency}, not in pounds (GBP). We post pounds only. "
            "Download a statement of a sterling account, or remove the other currency.",
            currency=currency,
        )


class XmlBroken(FileRefused):
    """XML cut short or not well-formed."""

    code = "imports.xml_broken"

    def __init__(self, line_number: int, detail: str) -> None:
        super().__init__(
            f"The file is not complete XML. It stops making sense at line {line_number:,}: "
            f"{detail}. It may be cut short. Download it from the bank again.",
            line_number=line_number,
        )


class XmlHasDoctype(FileRefused):
    """A DOCTYPE or entity declaration: no bank sends one, attackers do."""

    code = "imports.xml_has_doctype"

    def __init__(self) -> None:
        super().__init__(
            "The file has a DOCTYPE or entity declaration. Bank statements never do, and it can "
            "be an attack, so it was not read. Download it from the bank again; if it comes "
            "again, tell support."
        )


class MessageNotSupported(FileRefused):
    """A known ISO 20022 message that is not an end-of-day statement."""

    code = "imports.message_not_supported"

    def __init__(self, message: str, meaning: str) -> None:
        super().__init__(
            f"The file is {message} ({meaning}). We read camt.053, the end-of-day statement. "
            "Download that one from the bank.",
            iso_message=message,
        )


class NoStatement(FileRefused):
    """XML without a bank statement in it."""

    code = "imports.no_statement"

    def __init__(self) -> None:
        super().__init__(
            "The file is XML but has no bank statement (Stmt) in it. "
            "Download a camt.053 statement from the bank."
        )
