"""A person in the register: applications decided, entries struck off, entered again."""
