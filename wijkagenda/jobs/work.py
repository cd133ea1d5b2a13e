"""The jobs themselves: each finds its own work, may run twice, and may be killed half-way."""


def send_messages() -> None:
    """Send what stands in the outbox."""
