"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "d9f899977a4b"
