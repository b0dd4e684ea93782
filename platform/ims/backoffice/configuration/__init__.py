"""A council's settings as a file: downloaded, compared, applied; and promoted from training."""
