"""Which method reads or writes which database table: one file per source of facts, each a plug-in over a Program and its resources."""
