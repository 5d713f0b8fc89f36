"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "a0d91a091706"
