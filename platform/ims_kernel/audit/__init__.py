"""Who did what, to what, and why. Rows are added and never changed."""
