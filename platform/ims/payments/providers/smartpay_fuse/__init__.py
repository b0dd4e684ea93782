"""Barclaycard Smartpay Fuse, which is CyberSource."""
