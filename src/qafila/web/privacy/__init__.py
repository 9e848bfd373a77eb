"""What is kept of a person, their consents, and erasing it."""
