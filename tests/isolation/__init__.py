"""Acting as one council with what belongs to another."""
