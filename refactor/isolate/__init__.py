"""From a Partition to a legal Plan: components, moves, legalise, placements."""
