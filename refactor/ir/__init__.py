"""The typed, language-neutral program: types, symbols, statements, hierarchy."""
