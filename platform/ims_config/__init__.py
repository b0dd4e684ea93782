"""The composition root: settings, addresses, start-up and the command line. Nobody imports it."""
