"""A logo from an uploaded file: drawn again from its pixels, or an SVG of safe parts. No Django.

What is kept is never the file that came: a PNG or JPEG is decoded and encoded anew, which drops
everything but its pixels; an SVG is refused unless every element and attribute is on the list.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import IO

from lxml import etree
from PIL import Image

from ims.council.errors import LogoRefused

MAX_BYTES = 1024 * 1024
_MAX_PIXELS = 16_000_000
# Twice what the header shows at most, for screens with small pixels.
_FITS = (800, 176)
_ELEMENTS_MOST = 3_000

_ELEMENTS = frozenset(
    [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title",
        "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath", "use", "symbol",
    ]
)  # fmt: skip
_ATTRIBUTES = frozenset(
    [
        "id", "class", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx",
        "fy", "width", "height", "points", "viewBox", "version", "transform", "fill", "fill-rule",
        "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity",
        "stroke-miterlimit", "stroke-opacity", "stroke-dasharray", "clip-path", "clip-rule",
        "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "href",
        "spreadMethod", "clipPathUnits", "preserveAspectRatio", "color", "display", "role",
        "aria-label", "aria-hidden",
    ]
)  # fmt: skip
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_OWN = re.compile(r"#[A-Za-z_][\w.-]*", re.ASCII)
_URL = re.compile(r"url\(\s*['\"]?\s*(#[A-Za-z_][\w.-]*)?\s*['\"]?\s*\)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that is safe to show: its bytes, media type, and a mark that changes with it."""

    content: bytes
    media_type: str

    @property
    def mark(self) -> str:
        """16 hex digits of the content."""
        return hashlib.sha256(self.content).hexdigest()[:16]


def read_logo(stream: IO[bytes], *, size: int) -> Logo:
    """The logo in a file of `size` bytes. Raises LogoRefused, unread when it is too large."""
    if size > MAX_BYTES:
        raise LogoRefused(
            f"The logo has {size / MAX_BYTES:.0f}MB. It may have 1MB. Save it smaller: it is shown "
            "44 pixels high."
        )
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise LogoRefused("The logo has more than 1MB. Save it smaller.")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _redrawn(content)
    if b"<svg" in content[:4096].lower():
        return _svg(content)
    raise LogoRefused("The logo must be a PNG, JPEG or SVG file. Save it as PNG, then choose it.")


def _redrawn(content: bytes) -> Logo:
    broken = "The logo cannot be read: the picture is damaged. Save it as PNG again."
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that is large when unpacked; it is refused here.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if picture.width * picture.height > _MAX_PIXELS:
                raise LogoRefused(
                    f"The logo has {picture.width:,} by {picture.height:,} pixels, which is too "
                    f"many. Save it at most {_FITS[0]} pixels wide."
                )
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoRefused("The logo has too many pixels. Save it smaller.") from None
    except (OSError, SyntaxError, ValueError):
        raise LogoRefused(broken) from None
    keeps_clear = picture.mode in ("RGBA", "LA", "P", "PA") or "transparency" in picture.info
    drawn = picture.convert("RGBA" if keeps_clear else "RGB")
    drawn.thumbnail(_FITS)
    out = io.BytesIO()
    drawn.info.clear()
    drawn.save(out, format="PNG", optimize=True)
    return Logo(out.getvalue(), "image/png")


def _svg(content: bytes) -> Logo:
    text = _decoded(content)
    if re.search(r"<!DOCTYPE|<!ENTITY", text, re.IGNORECASE):
        raise _unsafe("it declares a document type")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise LogoRefused("The logo is not a whole SVG file. Save it again, or as PNG.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise _unsafe("it is no SVG drawing")
    for number, element in enumerate(root.iter()):
        if number >= _ELEMENTS_MOST:
            raise LogoRefused("The logo has too many parts. Save it as PNG.")
        _check_element(element)
    return Logo(etree.tostring(root, encoding="utf-8"), "image/svg+xml")


def _decoded(content: bytes) -> str:
    try:
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LogoRefused("The logo is not UTF-8 text. Save it as PNG.") from None


def _check_element(element: etree._Element) -> None:
    if not isinstance(element.tag, str):
        raise _unsafe("it has parts that are no elements")
    name = etree.QName(element)
    if name.namespace != _SVG or name.localname not in _ELEMENTS:
        raise _unsafe(f"it holds <{name.localname[:20]}>")
    for given, value in element.attrib.items():
        attribute = etree.QName(given)
        local = attribute.localname
        is_href = local == "href" and attribute.namespace in (None, _XLINK)
        if not is_href and (attribute.namespace is not None or local not in _ATTRIBUTES):
            raise _unsafe(f"it holds the attribute {local[:20]}")
        if is_href and _OWN.fullmatch(str(value)) is None:
            raise _unsafe("it points at something outside itself")
        if _points_outside(str(value)):
            raise _unsafe("it points at something outside itself")


def _points_outside(value: str) -> bool:
    rest = _URL.sub(lambda found: "" if found.group(1) else found.group(), value).lower()
    return any(word in rest for word in ("url(", "javascript:", "data:", "\\", "@import"))


def _unsafe(why: str) -> LogoRefused:
    return LogoRefused(
        f"The SVG file is refused: {why}. An SVG logo may hold shapes and colours only. Save it as "
        "“plain SVG” without scripts, styles, links and pictures, or as PNG."
    )
