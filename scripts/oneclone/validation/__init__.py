"""Measure on known truth that an installation works: metrics, criteria, record."""
