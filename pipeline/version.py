"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "294fe34cc403"
