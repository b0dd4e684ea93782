"""Charts as SVG, drawn here so that a page needs no script. No Django.

Horizontal places are percentages and text keeps its size, so one drawing is readable from 320 to
1,200 pixels wide. A chart never stands alone: the page shows its numbers in a table as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# 3:1 or better against white, which tests/ims_kernel/web/test_charts.py proves (WCAG 1.4.11).
BAR_COLOUR = "#1d6996"
NEGATIVE_COLOUR = "#a8333b"
AXIS_COLOUR = "#767a7d"

_ROW = 44
_COLUMNS_HEIGHT = 200
_TOP = 22
_FOOT = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a chart: what it is, how much, and the amount as people read it."""

    label: str
    value: int
    text: str


def bar_chart(bars: Sequence[Bar], *, title: str, name: str, description: str = "") -> Markup:
    """Bars from left to right, one row each, label above. `name` makes the ids of the page unique.

    Values under zero run left from the zero line and are drawn hollow.
    """
    low = min((bar.value for bar in bars), default=0)
    low = min(low, 0)
    high = max(*(bar.value for bar in bars), 0) if bars else 0
    span = (high - low) or 1
    zero = _percent(-low, span)
    parts = [
        _bar_row(bar, y=index * _ROW, low=low, span=span, zero=zero)
        for index, bar in enumerate(bars)
    ]
    return _svg(
        Markup("").join(parts), title, name, description or _sentence(bars), len(bars) * _ROW
    )


def column_chart(bars: Sequence[Bar], *, title: str, name: str, description: str = "") -> Markup:
    """Columns side by side, for days or months; the first, middle and last are labelled.

    Values under zero hang below the zero line and are drawn hollow.
    """
    high = max(*(bar.value for bar in bars), 0) if bars else 0
    low = min(*(bar.value for bar in bars), 0) if bars else 0
    span = (high - low) or 1
    zero = _TOP + round(_COLUMNS_HEIGHT * high / span, 1)
    parts = [_peak(bars, high)] if high else []
    width = 100 / max(len(bars), 1)
    for index, bar in enumerate(bars):
        size = round(_COLUMNS_HEIGHT * abs(bar.value) / span, 1)
        parts.append(
            _shape(
                x=f"{index * width + width * 0.12:.2f}%",
                y=f"{zero if bar.value < 0 else zero - size:g}",
                width=f"{width * 0.76:.2f}%",
                height=f"{size:g}",
                bar=bar,
            )
        )
    parts.append(_line(zero))
    foot = _TOP + _COLUMNS_HEIGHT + _FOOT
    parts.extend(_ends(bars, y=foot - 6))
    return _svg(Markup("").join(parts), title, name, description or _sentence(bars), foot)


def _bar_row(bar: Bar, *, y: int, low: int, span: int, zero: str) -> Markup:
    start = zero if bar.value >= 0 else _percent(bar.value - low, span)
    return Markup(
        '<text x="0" y="{ty}" class="ims-chart__label">{label}</text>'
        '<text x="100%" y="{ty}" text-anchor="end" class="ims-chart__value">{text}</text>{shape}'
    ).format(
        ty=y + 15,
        label=bar.label,
        text=bar.text,
        shape=_shape(
            x=start, y=str(y + 22), width=_percent(abs(bar.value), span), height="14", bar=bar
        ),
    )


def _shape(*, x: str, y: str, width: str, height: str, bar: Bar) -> Markup:
    paint = (
        Markup('fill="#ffffff" stroke="{0}" stroke-width="2"').format(NEGATIVE_COLOUR)
        if bar.value < 0
        else Markup('fill="{0}"').format(BAR_COLOUR)
    )
    return Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" {paint}>'
        "<title>{label}: {text}</title></rect>"
    ).format(x=x, y=y, w=width, h=height, paint=paint, label=bar.label, text=bar.text)


def _peak(bars: Sequence[Bar], high: int) -> Markup:
    """A line at the highest value with its amount, in place of an axis full of numbers."""
    text = next(bar.text for bar in bars if bar.value == high)
    return Markup(
        '<text x="0" y="14" class="ims-chart__label">{text}</text>'
        '<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{c}" stroke-dasharray="2 4"/>'
    ).format(text=text, y=_TOP, c=AXIS_COLOUR)


def _line(y: float) -> Markup:
    return Markup('<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{c}"/>').format(
        y=f"{y:g}", c=AXIS_COLOUR
    )


def _ends(bars: Sequence[Bar], *, y: int) -> list[Markup]:
    last = len(bars) - 1
    places = {0: ("0", "start"), len(bars) // 2: ("50%", "middle"), last: ("100%", "end")}
    if last < 1:
        places = {0: ("0", "start")} if bars else {}
    return [
        Markup(
            '<text x="{x}" y="{y}" text-anchor="{a}" class="ims-chart__label">{t}</text>'
        ).format(x=x, y=y, a=anchor, t=bars[index].label)
        for index, (x, anchor) in places.items()
    ]


def _svg(inside: Markup, title: str, name: str, description: str, height: int) -> Markup:
    return Markup(
        '<svg class="ims-chart" role="img" aria-labelledby="{n}-title {n}-desc" width="100%" '
        'height="{h}" xmlns="http://www.w3.org/2000/svg" focusable="false">'
        '<title id="{n}-title">{title}</title><desc id="{n}-desc">{desc}</desc>'
        '<g aria-hidden="true">{inside}</g></svg>'
    ).format(n=name, h=height, title=title, desc=description, inside=inside)


def _sentence(bars: Sequence[Bar]) -> str:
    if not bars:
        return "There is nothing to show."
    most = max(bars, key=lambda bar: bar.value)
    return f"{len(bars)} values. The largest is {most.label}, {most.text}. The table has them all."


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%"
