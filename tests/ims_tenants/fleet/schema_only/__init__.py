"""One set of migrations."""
