"""Law 09-08: what is kept of people, for what, for how long, and what they can ask."""
