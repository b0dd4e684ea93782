"""What must be true of a whole layout before a file may be written with it."""

from __future__ import annotations

from collections.abc import Iterator

from ims.exports.layout import (
    AMOUNT_SOURCES,
    SINGLE_BYTE,
    Column,
    Format,
    Grain,
    Kind,
    Layout,
    Overflow,
    Side,
    SignStyle,
)


def problems_of(layout: Layout) -> Iterator[str]:
    """Each problem as a sentence that names the column."""
    yield from _amounts(layout)
    yield from _grain(layout)
    yield from _contra(layout)
    yield from _hash(layout)
    for record in (layout.columns, layout.header, layout.trailer):
        for column in record:
            yield from _column(layout, column)
    if layout.kind is Kind.FIXED_WIDTH:
        yield from _fixed_width(layout)
    if not layout.columns:
        yield "The layout has no columns. Add at least one."
    headings = [column.heading for column in layout.columns]
    for heading in sorted({name for name in headings if headings.count(name) > 1}):
        yield f"Column “{heading}” is there twice. Give each column its own heading."


def _amounts(layout: Layout) -> Iterator[str]:
    sides = sorted(column.side for column in layout.amount_columns)
    if sides not in ([Side.SIGNED], [Side.CREDIT, Side.DEBIT]):
        yield (
            "The layout needs one signed column for “amount_pence”, or one debit and one credit "
            "column, so that the file can be added up."
        )


def _grain(layout: Layout) -> Iterator[str]:
    if layout.grain is Grain.DETAIL:
        if layout.group_by:
            yield "The layout groups lines but its grain is detail. Use the grain summary."
        return
    if not layout.group_by:
        yield "The layout is a summary but has no “group_by”. Name the fields to add up by."
    known = {*layout.group_by, *AMOUNT_SOURCES, "line_count", "record_type", "record_number", ""}
    if "fund_ledger_code" in layout.group_by:
        known.add("ledger_code")
    for column in layout.columns:
        if column.source not in known:
            yield (
                f"Column “{column.heading}” takes “{column.source}”, which differs between the "
                "lines of one summary. Add it to “group_by” or use a constant."
            )


def _contra(layout: Layout) -> Iterator[str]:
    if layout.contra is None:
        return
    if layout.grain is Grain.SUMMARY:
        for name in layout.contra.group_by:
            if name not in layout.group_by:
                yield f"The contra rule groups by “{name}”, which the summary does not group by."
    if all(column.source != "ledger_code" for column in layout.columns):
        yield (
            "The layout has contra records but no column takes “ledger_code”, so nothing would say "
            "which account they post to."
        )


def _hash(layout: Layout) -> Iterator[str]:
    if any(column.source == "ledger_code" for column in layout.columns):
        return
    for column in layout.trailer:
        if column.source == "hash_total":
            yield (
                f"Trailer column “{column.heading}” adds up ledger codes, but no column takes "
                "“ledger_code”."
            )


def _column(layout: Layout, column: Column) -> Iterator[str]:
    name = f"Column “{column.heading}”"
    if column.side is not Side.SIGNED and not column.is_amount:
        yield f"{name} has the side {column.side}, which only an amount can have."
    if column.side is not Side.SIGNED and column.source not in AMOUNT_SOURCES:
        yield f"{name} has the side {column.side}, which a header or trailer cannot have."
    if column.pad == "0" and column.format in (Format.TEXT, Format.DATE):
        yield f"{name} is padded with zeros, which would change a text or a date."
    if column.pad == "0" and column.align == "left" and column.width:
        yield f"{name} is padded with zeros, so it must be aligned right."
    if column.pad == "0" and not column.width:
        yield f"{name} is padded with zeros but has no width."
    if column.overflow is Overflow.CUT and (
        column.format is not Format.TEXT or column.source in ("ledger_code", "account_reference")
    ):
        yield f"{name} must not be cut: a part of it would name something else."
    if column.sign is not SignStyle.MINUS and not column.is_amount:
        yield f"{name} has a sign style, which only an amount can have."
    if column.source == "record_type" and not layout.record_type:
        yield f"{name} takes “record_type”, so the layout needs a “record_type”."
    if column.constant is not None:
        yield from _constant(layout, column)


def _constant(layout: Layout, column: Column) -> Iterator[str]:
    text = column.constant or ""
    if column.width is not None and len(text) > column.width:
        yield f"Column “{column.heading}” is wider than its width of {column.width}: “{text}”."
    try:
        text.encode(layout.encoding)
    except UnicodeEncodeError:
        yield f"Column “{column.heading}” cannot be written in {layout.encoding}: “{text}”."


def _fixed_width(layout: Layout) -> Iterator[str]:
    if layout.encoding not in SINGLE_BYTE:
        yield (
            f"The layout is fixed width in {layout.encoding}, where a letter can take several "
            f"bytes. Use one of: {', '.join(sorted(SINGLE_BYTE))}."
        )
    if layout.headings:
        yield "The layout is fixed width, so it cannot have a line of headings."
    for record in (layout.columns, layout.header, layout.trailer):
        for column in record:
            if column.width is None:
                yield f"Column “{column.heading}” needs a width in a fixed-width layout."
    widths = {
        sum(column.width or 0 for column in record)
        for record in (layout.columns, layout.header, layout.trailer)
        if record
    }
    if len(widths) > 1:
        listed = ", ".join(str(width) for width in sorted(widths))
        yield (
            f"The records have different lengths ({listed}). Pad the shorter ones with a constant."
        )
