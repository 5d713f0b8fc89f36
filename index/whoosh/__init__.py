"""The default engine: an index in a folder, on Whoosh. The only home of Whoosh."""
