"""Source spans, diagnostics, ids and packaged resources: what every layer above may use."""
