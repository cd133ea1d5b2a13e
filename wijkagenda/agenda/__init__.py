"""The adopted agenda of a neighbourhood: what will be done, in which order, and why."""
