"""Voting rounds: letter codes, ballots, the count and the result."""
