"""Health topics: labels, synonyms and broader terms, and how to find them in a text.

`health.tsv.gz` is shipped; `benchmarks/vocabulary/build.py` makes it and says from what.
"""
