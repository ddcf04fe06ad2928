"""Tiny models of real architectures, made on this machine and kept for the next time."""
