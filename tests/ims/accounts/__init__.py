"""Tests of ims.accounts."""
