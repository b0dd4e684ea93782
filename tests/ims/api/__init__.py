"""Tests of ims.api."""
