"""The cash book: entries that balance, are never changed, and can always be proved."""
