"""Django settings, one module for each place the service runs."""
