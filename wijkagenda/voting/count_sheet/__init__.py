"""The count sheet of a round: every figure of the vote on one page."""
