"""OpenSearch as an engine, for when one machine is not enough. The only home of opensearch-py.

An index of ours is an alias (`articles`) on one of several generations (`articles-g0001`, …); `articles-previous` is what can be rolled
back to, and `articles-writer` says who writes. Terms are made by `analysis.py` before OpenSearch sees a text, as for every engine.
"""
