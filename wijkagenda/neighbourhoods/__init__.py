"""The municipality as residents know it: city districts, neighbourhoods, their places and figures."""
