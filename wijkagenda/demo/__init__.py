"""Markerstad: a new town in the polder that was never made. Everything and everybody is invented."""
