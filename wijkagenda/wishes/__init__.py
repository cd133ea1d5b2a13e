"""Wishes of residents, organisations and entrepreneurs, and the answer each one gets."""
