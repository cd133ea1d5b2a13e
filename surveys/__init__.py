"""Survey engine: questionnaires, answers and results, without any web or map.

It knows no HTTP, no neighbourhood and no person. Every function that touches
the database takes `session` first, flushes and never commits.
"""
