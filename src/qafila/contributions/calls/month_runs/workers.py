"""Starting a worker process of a run. Imports nothing that needs Django to be set up."""

from __future__ import annotations


def start_worker() -> None:
    """Set Django up in a fresh process, before it is handed its first part."""
    import django

    django.setup()
