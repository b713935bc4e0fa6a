"""What a library does as well, but slower: each module says what that costs at every commit.

Part of the ground: knows no venv and no project.
"""
