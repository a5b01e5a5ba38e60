"""Generated programs and partitions, run as a monolith and split: the compiler proves its own transformations."""
