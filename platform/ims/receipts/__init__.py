"""The one door by which money comes in."""
