"""Simulated outbreaks with known truth: genomes along a tree, draft assemblies, metadata."""
