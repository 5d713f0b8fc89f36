"""Fetch the pages of a site politely and write them to a frontier. The only package that imports Scrapy.

`run.py` starts a crawl, `spider.py` turns each response into a Visit, and `visit_buffer.py` sits between
Scrapy and the frontier. Nothing here knows what an article is.
"""
