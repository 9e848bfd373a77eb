"""Deriving rights range by range, and comparing readings of the law."""
