"""Singer tap for PostgreSQL metadata."""
