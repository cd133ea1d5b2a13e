"""A ballot paper to try out; nothing is written down."""
