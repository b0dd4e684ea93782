"""The pages of accounts and of the files that bring them."""
