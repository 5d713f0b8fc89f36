"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "cf6ab7f8c283"
