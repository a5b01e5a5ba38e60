"""From a Plan to service trees on disk."""
