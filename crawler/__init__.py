"""Fetch the pages of a site politely and hand them over. The only home of Scrapy.

`run.py` starts it, `spider.py` says what becomes of an answer, `ledger.py` stands between Scrapy and the frontier.
What an article is, nobody here knows.
"""
