"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "f3fd28c3891b"
