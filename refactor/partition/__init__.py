"""From a program to a Partition: graphs, propagation, constraints, quality."""
