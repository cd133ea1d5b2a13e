"""Somebody with a copy of everything tries to join codes and ballots."""
