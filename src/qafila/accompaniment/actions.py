"""What accompaniment does."""

from qafila.accompaniment.standings import StandingsRefreshed, refresh_standings

__all__ = ["StandingsRefreshed", "refresh_standings"]
