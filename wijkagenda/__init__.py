"""wijkagenda: a four-year agenda for every neighbourhood, made with its residents."""

__version__ = "0.1.0"
