"""Which kind of file is written by which codec. Adding one: a module, a line here, the contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ims.exports.layout import Kind, Layout
from ims.exports.writers.base import Codec
from ims.exports.writers.delimited import Delimited
from ims.exports.writers.fixed_width import FixedWidth

CODECS: Mapping[Kind, type[Codec]] = MappingProxyType(
    {Kind.DELIMITED: Delimited, Kind.FIXED_WIDTH: FixedWidth}
)


def codec_for(layout: Layout) -> Codec:
    """A codec for one file: it holds a buffer, so it is not shared."""
    return CODECS[layout.kind](layout)
