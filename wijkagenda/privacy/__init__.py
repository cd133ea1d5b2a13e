"""What may go, goes: deletion of what is no longer needed."""
