"""Holes and the language model that may fill them."""
