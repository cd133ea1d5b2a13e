"""How a voter votes: code, choices, check, receipt."""
