"""The hooks at work on real input: `make demo`."""
