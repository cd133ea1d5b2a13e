"""Remarks about a vote (meldingen over de stemming) and the answers to them."""
