"""The kinds of the settings layer's own tests."""

from tests.ims_kernel.records.conftest import own_kinds

__all__ = ["own_kinds"]
