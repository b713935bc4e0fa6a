"""Git hooks for sibling repositories that share one Python virtual environment."""
