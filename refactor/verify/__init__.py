"""Build, launch, drive, compare: the verdict."""
