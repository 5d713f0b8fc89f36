"""Health topics: labels, synonyms and broader terms, and how to find them in a text.

`health.tsv.gz` is shipped; `benchmarks/vocabulary/build.py` builds it and names its sources.
"""
