"""Who did what, when. Never for casting a vote: see docs/architecture.md."""
