"""The ballot box: its keys, sealing and casting, and opening it once."""
