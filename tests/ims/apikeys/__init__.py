"""Tests of ims.apikeys."""
