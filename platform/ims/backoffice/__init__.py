"""The pages finance staff work in."""
