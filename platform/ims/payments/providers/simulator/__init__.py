"""A provider that only pretends, for training and tests."""
