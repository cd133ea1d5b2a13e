"""Conversations: meetings in the neighbourhood and the surveys held there."""
