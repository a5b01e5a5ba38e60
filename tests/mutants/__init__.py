"""Seeded defects: what the tests of generated programs must catch. `python -m tests.mutants` is the report."""
