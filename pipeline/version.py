"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "f3ab83e21e8a"
