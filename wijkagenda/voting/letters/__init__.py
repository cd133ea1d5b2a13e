"""Codes, the letters that bring them, and what becomes of a letter."""
