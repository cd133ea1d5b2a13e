"""Progress updates: written by the team, published by the manager."""
