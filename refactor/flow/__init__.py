"""Data-flow and escape analyses over IR bodies."""
