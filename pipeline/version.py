"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "4414afbc1201"
