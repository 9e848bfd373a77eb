"""What accompaniment does."""

from qafila.accompaniment.contacts import CHANNELS, record_contact
from qafila.accompaniment.standings import StandingsRefreshed, refresh_standings

__all__ = ["CHANNELS", "StandingsRefreshed", "record_contact", "refresh_standings"]
