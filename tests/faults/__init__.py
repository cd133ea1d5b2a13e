"""Votes while web workers, the worker and the database are killed: what was acknowledged is in the box, once."""
