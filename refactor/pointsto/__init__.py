"""Points-to analysis over the IR."""
