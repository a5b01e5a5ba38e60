"""The system dependency graph."""
