"""The ordered passes and the store of their results."""
