"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "2f3245c5ef07"
