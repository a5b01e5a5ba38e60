"""Project discovery: a folder, a git ref or Maven coordinates become one typed Project."""
