from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from ims_kernel.web.charts import (
    AXIS_COLOUR,
    BAR_COLOUR,
    NEGATIVE_COLOUR,
    Bar,
    bar_chart,
    column_chart,
)
from ims_kernel.web.contrast import SHAPE_RATIO, contrast_ratio

SVG = "{http://www.w3.org/2000/svg}"
BARS = [
    Bar("Council tax", 30_000, "£300.00"),
    Bar('Rents <b>"&', 15_000, "£150.00"),
    Bar("Sundry", -10_000, "\u2212£100.00"),
]


def _parsed(svg: Markup) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - drawn by us just now


def _widths(svg: Markup) -> list[tuple[str | None, str | None]]:
    return [(rect.get("x"), rect.get("width")) for rect in _parsed(svg).iter(f"{SVG}rect")]


def test_bars_are_in_proportion_and_start_at_the_zero_line() -> None:
    assert _widths(bar_chart(BARS, title="Income", name="income")) == [
        ("25.00%", "75.00%"),
        ("25.00%", "37.50%"),
        ("0.00%", "25.00%"),
    ]


def test_columns_are_in_proportion_and_hang_below_the_zero_line() -> None:
    rects = list(_parsed(column_chart(BARS, title="Income", name="income")).iter(f"{SVG}rect"))
    assert [(rect.get("y"), rect.get("height")) for rect in rects] == [
        ("22", "150"),
        ("97", "75"),
        ("172", "50"),
    ]


@pytest.mark.parametrize("draw", [bar_chart, column_chart])
def test_a_value_under_zero_is_hollow_as_well_as_another_colour(draw: object) -> None:
    rects = list(_parsed(draw(BARS, title="Income", name="n")).iter(f"{SVG}rect"))  # type: ignore[operator]
    assert [rect.get("fill") for rect in rects] == [BAR_COLOUR, BAR_COLOUR, "#ffffff"]
    assert rects[2].get("stroke") == NEGATIVE_COLOUR


@pytest.mark.parametrize("draw", [bar_chart, column_chart])
def test_the_words_of_a_chart_cannot_become_markup(draw: object) -> None:
    svg = draw(BARS, title="<script>", name="n", description="a & b")  # type: ignore[operator]
    root = _parsed(svg)
    assert "<script" not in svg
    assert next(element.text for element in root.iter(f"{SVG}title")) == "<script>"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "n-title n-desc"


@pytest.mark.parametrize("draw", [bar_chart, column_chart])
@pytest.mark.parametrize("values", [[], [0], [0, 0], [-5], [5]])
def test_a_chart_of_little_or_nothing_is_still_a_chart(draw: object, values: list[int]) -> None:
    bars = [Bar(f"{i}", value, f"{value}") for i, value in enumerate(values)]
    root = _parsed(draw(bars, title="Income", name="n"))  # type: ignore[operator]
    assert len(list(root.iter(f"{SVG}rect"))) == len(values)


def test_the_description_says_what_is_largest() -> None:
    root = _parsed(bar_chart(BARS, title="Income", name="n"))
    text = next(iter(root.iter(f"{SVG}desc"))).text
    assert text == "3 values. The largest is Council tax, £300.00. The table has them all."


@pytest.mark.parametrize("colour", [BAR_COLOUR, NEGATIVE_COLOUR, AXIS_COLOUR])
def test_shapes_stand_out_from_the_page(colour: str) -> None:
    assert contrast_ratio(colour, "#ffffff") >= SHAPE_RATIO
