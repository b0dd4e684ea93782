"""Councils: which there are, which host is whose, and how to work inside one."""
