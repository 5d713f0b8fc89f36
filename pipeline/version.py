"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "e76dc8c4cce5"
