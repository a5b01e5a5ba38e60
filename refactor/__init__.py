"""A compiler that splits a monolith into services that provably behave the same."""

__version__ = "0.1.0"
