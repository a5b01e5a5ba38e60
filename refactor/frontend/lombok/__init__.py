"""Lombok written out: the members that its annotations stand for, as source text on lines that exist."""
