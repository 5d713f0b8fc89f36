"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "6a06a9fdad0a"
