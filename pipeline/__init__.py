"""Read a Page into an Article or a Rejection. Start with `read.py`, which names every stage in order.

Nothing here touches the network, the disk or the clock, and nothing keeps state between two pages.
"""
