"""The count of a round set down, explained and published."""
