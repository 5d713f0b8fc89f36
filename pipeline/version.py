"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "47742f1f4488"
