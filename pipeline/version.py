"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "9e5d68facab6"
