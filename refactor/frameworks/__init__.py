"""Framework knowledge as plug-ins: entry points, injection, tables."""
