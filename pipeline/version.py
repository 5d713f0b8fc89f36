"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "8b41ad878c3f"
