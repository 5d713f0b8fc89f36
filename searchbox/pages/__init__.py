"""The search page for people: its routes, its HTML, and the same results as data (JSON, RSS)."""
