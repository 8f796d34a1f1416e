"""The registry of past runs: isolates by content, names of clones, verdicts, decisions."""
