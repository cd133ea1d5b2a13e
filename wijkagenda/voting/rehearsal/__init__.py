"""A rehearsal: a whole vote with test codes, of which nothing stays."""
