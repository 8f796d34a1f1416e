"""What a run found in the formats of other programs; every name goes through `names`."""
