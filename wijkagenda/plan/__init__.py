"""The action plan: who does what, when, and for how much money."""
