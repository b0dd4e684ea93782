"""The calling system of the API's own tests."""

from tests.ims.api.conftest import caller

__all__ = ["caller"]
