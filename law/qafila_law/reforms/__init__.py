"""Readings of the law that public sources leave open, to be tried without changing the package."""
