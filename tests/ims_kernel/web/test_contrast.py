import pytest

from ims_kernel.web.contrast import (
    ColourTooPale,
    ColourUnreadable,
    check_accent,
    contrast_ratio,
    text_on,
)


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#FFFFFF", "#ffffff", 1.0),
        # The two greys of WebAIM's contrast checker, either side of level AA.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#1d70b8", "#ffffff", 5.17),
    ],
)
def test_the_ratio_is_the_one_wcag_defines(first: str, second: str, ratio: float) -> None:
    assert round(contrast_ratio(first, second), 2) == ratio
    assert contrast_ratio(first, second) == contrast_ratio(second, first)


def test_text_is_white_on_dark_and_dark_on_pale() -> None:
    assert text_on("#5b2a6e") == "#ffffff"
    assert text_on("#ffdd00") == "#0b0c0c"


def test_an_accent_everyone_can_read_is_kept_in_lower_case() -> None:
    assert check_accent("#5B2A6E") == "#5b2a6e"


def test_a_pale_accent_is_refused_with_its_ratio() -> None:
    with pytest.raises(ColourTooPale) as caught:
        check_accent("#777777")
    assert caught.value.facts == {"ratio": 4.48}
    assert "4.5 to 1. Choose a darker colour" in caught.value.message


@pytest.mark.parametrize(
    "text", ["", "1d4b66", "#1d4b6", "red", "#1d4b6\uff16", "#1d4b66;}", "#1d4b66\n"]
)
def test_what_is_not_six_figures_is_no_colour(text: str) -> None:
    with pytest.raises(ColourUnreadable):
        check_accent(text)
