"""A logo: what is kept is safe to show, whatever came."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ims.council.errors import LogoRefused
from ims.council.pictures import MAX_BYTES, Logo, read_logo
from tests.ims.council.pictures_of_a_test import huge_png, jpeg, png, svg


def read(content: bytes) -> Logo:
    return read_logo(io.BytesIO(content), size=len(content))


@pytest.mark.parametrize("content", [png(note="SECRET"), jpeg(b"SECRET"), png(30, 30) + b"SECRET"])
def test_a_picture_is_drawn_again_from_its_pixels(content: bytes) -> None:
    logo = read(content)
    assert logo.media_type == "image/png"
    assert b"SECRET" not in logo.content
    assert logo.content != content
    Image.open(io.BytesIO(logo.content), formats=("PNG",)).verify()
    assert read(content).mark == logo.mark


def test_clear_parts_stay_clear_and_a_large_one_becomes_small() -> None:
    logo = Image.open(io.BytesIO(read(png(3_000, 900, colour="#00000000")).content))
    assert logo.mode == "RGBA"
    assert logo.getpixel((0, 0)) == (0, 0, 0, 0)
    assert logo.width <= 800
    assert logo.height <= 176


class Unread(io.BytesIO):
    """A file that must not be read."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("It was read.")


def test_twenty_megabytes_are_refused_unread() -> None:
    with pytest.raises(LogoRefused, match=r"The logo has 20MB\. It may have 1MB"):
        read_logo(Unread(), size=20 * 1024 * 1024)


def test_a_file_larger_than_it_says() -> None:
    with pytest.raises(LogoRefused, match="more than 1MB"):
        read_logo(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * MAX_BYTES), size=100)


@pytest.mark.parametrize("content", [huge_png(), huge_png(12_000, 12_000), huge_png(5_000, 5_000)])
def test_a_small_file_of_very_many_pixels_is_not_unpacked(content: bytes) -> None:
    with pytest.raises(LogoRefused, match="pixels"):
        read(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"%PDF-1.7", b"MZ\x90", png()[:60], jpeg()[:80], b"\x89PNG\r\n\x1a\n", b"\0"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused):
        read(content)


@given(st.binary(max_size=300))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<svg"):
        with pytest.raises(LogoRefused):
            read(start + noise)


GOOD = [
    (
        '<g transform="scale(2)"><circle cx="4" cy="4" r="3" fill="url(#a)"/></g>'
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
    ),
    (
        '<title>Northmoor</title><symbol id="s"><rect width="4" height="4"/></symbol>'
        '<use href="#s"/><use xlink:href="#s"/>'
    ),
    '<path d="M0 0" clip-path="url(\'#c\')"/>',
]


@pytest.mark.parametrize("inside", GOOD)
def test_a_drawing_of_shapes_is_kept(inside: str) -> None:
    logo = read(b'<?xml version="1.0" encoding="UTF-8"?><!-- a note -->' + svg(inside))
    assert logo.media_type == "image/svg+xml"
    assert b"a note" not in logo.content
    assert read(logo.content).content == logo.content


BAD = [
    "<script>alert(1)</script>",
    '<script xlink:href="https://x.example/a.js"/>',
    '<a href="javascript:alert(1)"><path d=""/></a>',
    "<style>@import url(https://x.example/a.css)</style>",
    "<style>path{fill:red}</style>",
    '<image href="https://x.example/a.png"/>',
    '<image href="data:image/png;base64,AAAA"/>',
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
    '<use href="https://x.example/a.svg#b"/>',
    '<use xlink:href="//x.example/a.svg#b"/>',
    '<path d="" onload="alert(1)"/>',
    '<path d="" style="fill:url(https://x.example/a)"/>',
    '<path d="" fill="url(https://x.example/a)"/>',
    '<path d="" fill="url( //x.example )"/>',
    '<path d="" fill="u\\72l(x)"/>',
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<set attributeName="onload" to="alert(1)"/>',
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    '<path xmlns="" d=""/>',
    '<filter id="f"><feImage href="https://x.example"/></filter>',
    '<path d="" xml:base="https://x.example/"/>',
    '<use href="#a"/>' + '<path d=""/>' * 3_000,
]


@pytest.mark.parametrize("inside", BAD, ids=range(len(BAD)))
def test_a_drawing_with_anything_else_is_refused_in_words(inside: str) -> None:
    with pytest.raises(LogoRefused) as caught:
        read(svg(inside))
    assert "Save it as" in caught.value.message
    assert "alert" not in caught.value.message


@pytest.mark.parametrize(
    "content",
    [
        svg(attributes='onload="alert(1)"'),
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>' + svg("<title>&a;</title>"),
        b'<!doctype svg SYSTEM "https://x.example/a.dtd">' + svg(),
        svg().decode().encode("utf-16"),
        b"<svg><path></svg>",
        b"<html><svg></svg></html>",
        b'<?xml-stylesheet href="https://x.example/a.css"?>' + svg("<script/>"),
        b"<svg" + b"<g>" * 2_000,
    ],
    ids=range(8),
)
def test_a_drawing_that_is_more_than_a_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused):
        read(content)
