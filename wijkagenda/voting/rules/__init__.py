"""The rules of a vote: chosen, checked, written out as a regulation, and frozen when it opens."""
