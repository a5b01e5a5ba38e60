"""The system dependency graph: methods, fields and database tables, and what joins them; found in sources and resources alone."""
