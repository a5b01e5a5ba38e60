"""Reads projects and sources into a Program."""
