"""The four-year round of a neighbourhood: its phases, and how residents take part."""
