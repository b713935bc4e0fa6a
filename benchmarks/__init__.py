"""What the hooks cost, measured side by side with what else one could run: `make bench`."""
