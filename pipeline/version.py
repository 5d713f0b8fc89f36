"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "64a7ed7e9698"
