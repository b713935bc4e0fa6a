"""What a virtual environment on disk is (PEP 405): layout, health, scripts, what is installed.

Knows the ground alone: no project, no requirements; nothing of a venv is ever run.
"""
