"""Extract an Article or a Rejection from a Page. Start with `extract.py`, which lists every stage in order.

Nothing here touches the network, the disk or the clock, and nothing keeps state between two pages.
"""
