"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "dceeb64ec57d"
