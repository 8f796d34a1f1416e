"""The words of the domain as frozen dataclasses and enumerations, one module per concept."""
