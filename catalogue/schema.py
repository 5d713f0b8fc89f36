"""The tables, and the numbered steps that upgrade an older catalogue.

Times are Unix seconds, UTC. A step is never changed once it is released; every later change is a new step.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    and_,
    desc,
    func,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

__all__ = [
    "OF_ARTICLE",
    "OF_PAGE",
    "QUARTERS",
    "QUEUED",
    "SCHEMA",
    "STEPS",
    "articles",
    "counters",
    "earlier",
    "frontier",
    "models",
    "pages",
    "removals",
    "runs",
    "sites",
    "steps",
    "tombstones",
]


class Words(TypeDecorator[str]):
    """Text of any length, sorted by code point on every store.

    Characters that a store cannot hold (NUL, unpaired surrogates) are left out.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Choose a type that sorts the same everywhere: PostgreSQL would sort by its locale."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Leave out the characters that a store cannot hold."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


SCHEMA = MetaData()
_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER keys

steps = Table(
    "steps", SCHEMA, Column("number", Integer, primary_key=True), Column("taken_at", Float, nullable=False)
)

sites = Table(
    "sites",
    SCHEMA,
    Column("name", Words, primary_key=True),
    Column("url", Words, nullable=False),
    Column("settings", Words, nullable=False),  # JSON: every, cron, delay, allow, deny, allow_hosts
    Column("next_due", Float),  # when it is crawled next; None: not scheduled
    Column("run", Integer, nullable=False, default=0),  # number of the current or last run
    Column("run_open", Integer, nullable=False, default=0),  # 1 while a run has not ended
    Column("owner", Words),  # who holds the lease
    Column("lease_until", Float),
    Column("failures", Integer, nullable=False, server_default="0"),  # runs in a row that failed
    Column("robots", Words),  # JSON: origin -> when, status and text of its last robots.txt
    # 1 while extracted pages wait for the site to be learned and settled
    Column("unsettled", Integer, nullable=False, server_default="1"),
    Column("feeds_due", Float),  # when its feeds are fetched next between two runs; None: not yet
    # a moment from which its interval is counted; None: from next_due
    Column("anchor", Float),
    Column("opt_outs", Words),  # JSON: what its robots.txt and tdmrep.json reserve; None: never asked
)

QUEUED, TAKEN, DONE = 0, 1, 2  # states of a URL in the frontier

frontier = Table(
    "frontier",
    SCHEMA,
    Column("id", _KEY, primary_key=True, autoincrement=True),
    Column("site", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("kind", Words, nullable=False),  # page, sitemap, feed, posts, more posts, robots
    Column("depth", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Integer, nullable=False, default=QUEUED),
    Column("tries", Integer, nullable=False, default=0),
    Column("not_before", Float, nullable=False, default=0.0),
    # of the last visit: "200", "404", "robots", "timeout", "moved", …
    Column("outcome", Words, nullable=False, default=""),
    Column("run", Integer, nullable=False, server_default="0"),  # number of the run that finished it last
    Column("etag", Words, nullable=False, server_default=""),  # validators of the stored answer
    Column("last_modified", Words, nullable=False, server_default=""),
    Column("visited_at", Float),  # when it last answered with what is stored, or 304
    # seconds between two visits, as learned; 0: in every run
    Column("revisit", Float, nullable=False, server_default="0"),
    # not fetched before this time in runs that fetch only what is due
    Column("due", Float, nullable=False, server_default="0"),
    Column("hints", Words),  # JSON: what the site's list of posts says about it; None: nothing
    Column("struck_at", Float),  # when it first answered 404; None: it was there last time
    # since when nothing is known of it: refused, failing, or showing something else; None: it answers
    Column("refused_at", Float),
    Index("frontier_url", "site", "url", unique=True),
    # the order of `Frontier.take`, which otherwise would sort a million URLs
    Index("frontier_next", "site", "state", desc("priority"), "id"),
)

pages = Table(
    "pages",
    SCHEMA,
    Column("site", Words, primary_key=True),
    Column("url", Words, primary_key=True),
    Column("final_url", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("fetched_at", Float, nullable=False),
    Column("headers", Words, nullable=False),  # JSON list of pairs
    Column("charset", Words),
    Column("body", LargeBinary, nullable=False),  # zstd
    Column("digest", Words, nullable=False),  # SHA-256 of the body
    Column("read_as", Words),  # version of its last extraction; None: to be extracted
    Column("notes", LargeBinary),  # what the page shows about its site: zstd of JSON
    Column("reason", Words),  # why it is not an article; None: it is one, or not extracted
    Column("detail", Words),
    Column("noarchive", Integer, nullable=False, server_default="0"),  # 1: its bytes go once it is extracted
    # 1: its bytes are gone; before it can be extracted again, it must be fetched again
    Column("dropped", Integer, nullable=False, server_default="0"),
    Column("expires", Float),  # when it wants to be shown no longer (unavailable_after)
    Index("pages_unread", "site", "read_as"),
)

articles = Table(
    "articles",
    SCHEMA,
    Column("site", Words, primary_key=True),
    Column("url", Words, primary_key=True),
    Column("id", Words, nullable=False),
    Column("settled_id", Words),  # its id, fixed when a run has ended
    Column("canonical", Words, nullable=False),
    Column("digest", Words, nullable=False),  # of the normalised text
    Column("record", LargeBinary, nullable=False),  # zstd of the article's JSON
    # the URL kept for the article, its own if that is the one; None: not settled yet
    Column("kept_as", Words),
    Column("also_at", Words, nullable=False, default="[]"),  # JSON list: other URLs of the article
    Column("fingerprint", Words, nullable=False, server_default=""),  # 64-bit simhash in hex
    Column("near", Words, nullable=False, server_default="[]"),  # JSON list: URLs of its near-duplicates
    # JSON list: the topics that it shows, each label, concept, origin; None: those that reading found
    Column("topics", Words),
    Column("lost", Words),  # why it is lost, to be deleted when the run ends; None: it is not
    # why it is not shown, though it is kept: its page has not answered for long; None: it is shown
    Column("away", Words),
    Column("change", _KEY, nullable=False),
    Index("articles_change", "change"),
    Index("articles_id", "id"),
)

# condition for the articles that users see
VISIBLE = and_(articles.c.kept_as == articles.c.url, articles.c.away.is_(None))
# The four quarters of a fingerprint: those of two near-duplicates agree on at least one (pipeline/near.py).
# The numbers are literals, because no index on the same expression would be used otherwise.
QUARTERS = tuple(
    func.substr(articles.c.fingerprint, literal_column(str(first)), literal_column("4"))
    for first in (1, 5, 9, 13)
)
for _place, _quarter in enumerate(QUARTERS):
    Index(f"articles_quarter{_place}", _quarter, articles.c.url, _table=articles)

# What was stored of a page with an article before this run fetched something else, so that it can be put
# back; and what the article is to become if it is not.
OF_PAGE = tuple(column.name for column in pages.columns)
OF_ARTICLE = ("record", "canonical", "digest", "fingerprint")
earlier = Table(
    "earlier",
    SCHEMA,
    *(Column(column.name, column.type, primary_key=column.primary_key) for column in pages.columns),
    *(Column(f"article_{name}", articles.c[name].type) for name in OF_ARTICLE),
)

removals = Table(
    "removals",
    SCHEMA,
    Column("id", Words, primary_key=True),
    Column("change", _KEY, nullable=False),
    Index("removals_change", "change"),
)

models = Table(
    "models",
    SCHEMA,
    Column("site", Words, primary_key=True),
    Column("version", Words, nullable=False),
    Column("record", LargeBinary, nullable=False),  # zstd of JSON
)

runs = Table(
    "runs",
    SCHEMA,
    Column("id", _KEY, primary_key=True, autoincrement=True),
    Column("site", Words, nullable=False),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column(
        "outcome", Words, nullable=False, default="running"
    ),  # running, done, partial, held, stopped, failed
    Column("counts", Words, nullable=False, default="{}"),  # JSON
    Index("runs_site", "site", "id"),
)

tombstones = Table(
    "tombstones",
    SCHEMA,
    Column("prefix", Words, primary_key=True),  # no URL that begins with it comes back
    Column("since", Float, nullable=False),
)

counters = Table(
    "counters", SCHEMA, Column("name", Words, primary_key=True), Column("value", _KEY, nullable=False)
)

# A new catalogue gets the tables above. An older one is upgraded by the steps it has not taken yet,
# statements that run on both SQLite and PostgreSQL, and then gets the tables that it lacks.
STEPS: tuple[tuple[str, ...], ...] = (
    (),
    (
        "ALTER TABLE articles ADD COLUMN fingerprint VARCHAR(16) NOT NULL DEFAULT ''",
        "ALTER TABLE articles ADD COLUMN near TEXT NOT NULL DEFAULT '[]'",
    ),
    (
        "ALTER TABLE sites ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE sites ADD COLUMN feeds_due FLOAT",
        "ALTER TABLE sites ADD COLUMN unsettled INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE frontier ADD COLUMN run INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE frontier ADD COLUMN etag TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE frontier ADD COLUMN last_modified TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE frontier ADD COLUMN visited_at FLOAT",
        "ALTER TABLE frontier ADD COLUMN revisit FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE frontier ADD COLUMN due FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE frontier ADD COLUMN struck_at FLOAT",
        "ALTER TABLE articles ADD COLUMN lost TEXT",
        "DROP INDEX frontier_next",
        "CREATE INDEX frontier_next ON frontier (site, state, priority DESC, id)",
    ),
    (
        "ALTER TABLE sites ADD COLUMN robots TEXT",
        "ALTER TABLE frontier ADD COLUMN hints TEXT",
        "ALTER TABLE pages ADD COLUMN noarchive INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE pages ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0",
        "CREATE TABLE tombstones (prefix TEXT NOT NULL PRIMARY KEY, since FLOAT NOT NULL)",
    ),
    tuple(
        f"CREATE INDEX articles_quarter{number} ON articles (substr(fingerprint, {first}, 4), url)"
        for number, first in enumerate((1, 5, 9, 13))
    ),
    (
        "ALTER TABLE sites ADD COLUMN anchor FLOAT",
        "ALTER TABLE sites ADD COLUMN opt_outs TEXT",
        "ALTER TABLE frontier ADD COLUMN refused_at FLOAT",
        "ALTER TABLE pages ADD COLUMN expires FLOAT",
        "ALTER TABLE articles ADD COLUMN away TEXT",
    ),
    ("ALTER TABLE articles ADD COLUMN topics TEXT",),
)
