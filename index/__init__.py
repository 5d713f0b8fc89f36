"""Searching articles.

`engine.py` is the contract of every engine. `memory.py` is the plain reference implementation, `whoosh/` the
embedded default, `opensearch/` the engine for many machines.

Nothing here knows HTML, and the query syntax of an engine stays in that engine's own files.
"""
