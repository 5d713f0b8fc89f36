"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "2b332460922f"
