"""Answers of whole commands, kept in the user's cache folder and given again while nothing that they were made from has changed."""
