"""What is wrong: every finding is born here, with its rule's name.

Knows everything but the doors.
"""
