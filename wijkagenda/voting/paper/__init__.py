"""Ballots on paper: printed, received in piles, entered twice, and put in the box."""
