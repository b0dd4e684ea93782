"""The product: one Django app for each thing an income office does."""
