"""Telling people: subscriptions, the outbox, and the journey of a wish."""
