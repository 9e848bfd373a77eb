"""Where the project and the shared lists are."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SHARED_LISTS = PROJECT.parent / "shared" / "lists"
