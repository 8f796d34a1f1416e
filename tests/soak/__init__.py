"""Long tests that are run by hand (`make soak`); their figures stand in docs/validation.md."""
