"""What happens when something is wrong: bad input, faults, hostile text, and what must not leak."""
