"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "3dc3162167d4"
