"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "c83107eaae6f"
