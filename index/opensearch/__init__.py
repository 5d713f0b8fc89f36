"""OpenSearch as an engine, for when one machine is not enough. No other package imports opensearch-py.

An index of ours is an alias (`articles`) for one of several generations (`articles-g0001`, …). The alias
`articles-previous` names the generation that can be rolled back to, and `articles-writer` says who writes.
As for every engine, `analysis.py` turns texts into terms before OpenSearch sees them.
"""
