"""What extraction does, as a digest; `make extraction-version` writes it."""

VERSION = "95ec753f5a8e"
