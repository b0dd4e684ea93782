"""Small migrations for the app `reports`, which has none of its own, to try the fleet with."""
