"""Counting a published vote again, on the site."""
