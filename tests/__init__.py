"""Tests of the house: see CONTRIBUTING.md for what belongs where."""
