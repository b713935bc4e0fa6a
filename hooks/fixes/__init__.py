"""The commands to paste."""
