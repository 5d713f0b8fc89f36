"""The default engine: an index in a folder, built on Whoosh. No other package imports Whoosh."""
