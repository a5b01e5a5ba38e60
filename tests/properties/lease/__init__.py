"""The lease and hand-off protocol: the runtime's own classes of three processes, driven message by message."""
