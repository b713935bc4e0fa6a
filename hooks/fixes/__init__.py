"""The commands that are printed to be pasted; nothing else makes one.

Knows all below it: requirements, project, venvs, ground. What is wrong is not told here.
"""
