"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "257b30ca8bb9"
