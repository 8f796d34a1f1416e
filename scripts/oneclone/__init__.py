"""Decide whether bacterial isolates of different clinics form a single clone."""

__version__ = "0.1.0"
