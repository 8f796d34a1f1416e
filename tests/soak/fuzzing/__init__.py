"""Fuzzing of everything that reads a file from elsewhere; `tests.soak.fuzz` runs it."""
