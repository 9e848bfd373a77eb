"""Where the project and its sample lists are."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE_LISTS = PROJECT / "demo" / "lists"
