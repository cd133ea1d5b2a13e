"""People who work on the platform: staff, their roles and how they sign in."""
