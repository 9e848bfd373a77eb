"""Django's PostgreSQL backend, finding the embedded server when no DATABASE_URL is given."""
