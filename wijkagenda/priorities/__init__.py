"""Wishes bundled into priorities (agenda points in draft) and their feasibility checks."""
