"""Files from banks: received, read, previewed, and posted once."""
