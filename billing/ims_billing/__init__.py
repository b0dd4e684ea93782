"""What councils are charged for."""
