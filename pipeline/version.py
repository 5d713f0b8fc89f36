"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "3535b514421a"
