"""What is wrong: every finding is born here."""
