"""Bare Scrapy: fetch numbered pages and count them. `speed.py` compares clinicdex with it.

python benchmarks/crawl/bare.py ORIGIN PAGES
"""

from __future__ import annotations

import sys
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class Bare(scrapy.Spider):
    name = "bare"

    def __init__(self, origin: str, pages: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [f"{origin}/{number}.html" for number in range(pages)]

    def parse(self, response: Any) -> Any:
        yield {"url": response.url, "bytes": len(response.body)}


def main(origin: str, pages: int) -> None:
    process = AsyncCrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "CONCURRENT_REQUESTS": 8,
        }
    )
    crawler = process.create_crawler(Bare)
    process.crawl(crawler, origin=origin, pages=pages)
    process.start()
    print(crawler.stats.get_value("item_scraped_count"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
