"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "352f39074d96"
