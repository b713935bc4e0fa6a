"""Who this project is: its role, where its venv belongs, its family, what git tracks of it.

Knows the ground and `venvs/`. Nothing of a sibling is run, git neither.
"""
