"""Voting on a screen of the library or the town hall."""
