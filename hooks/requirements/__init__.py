"""What is asked for: values, one reader per kind of file, and where a thing comes from.

Knows the ground, `venvs/` and `project/`. Readers give problems as values; they judge nothing.
"""
