"""Signatures from class files: the constant pool, generic signatures, annotations, and where class files are found."""
