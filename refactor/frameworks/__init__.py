"""What frameworks do behind a program's back, as facts: data in grammars/<lang>/frameworks, read over a Program."""
