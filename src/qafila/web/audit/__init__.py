"""The audit room: who saw and changed what."""
