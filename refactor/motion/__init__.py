"""Code motion: groups of methods and fields become classes of their own, in the monolith's own sources, before it is split."""
