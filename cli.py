"""The door for people: every command parses, calls one function of the house, and prints.

Data goes to stdout, everything else to stderr. Exit codes: 0 ok, 1 failed, 2 usage, 3 done but some pages failed,
4 configuration, or site unreachable or refused, 5 held by the deletion guard, 130 interrupted, 143 terminated.
Nothing of ours is imported at module level: each command loads what it needs, so `search` starts without Scrapy.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clinicdex.catalogue.sites import Site
    from clinicdex.config import Config
    from clinicdex.flow import House, Summary
    from clinicdex.index.engine import Reader

__all__ = ["main"]

PARTIAL, INTERRUPTED = 3, 130


class Shell(click.Group):
    """Turns our errors into one line and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; a traceback on the screen would be a bug."""
        from clinicdex.errors import Error

        standalone = kwargs.pop("standalone_mode", True)
        try:
            result = super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except Error as error:
            click.echo(f"clinicdex: {error}", err=True)
            code = error.exit_code
        except Exception as error:
            logging.getLogger("clinicdex").debug("unexpected", exc_info=True)
            click.echo(
                f"clinicdex: unexpected {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}; please report it", err=True
            )
            code = 1
        else:
            code = result if isinstance(result, int) else 0
        if standalone:
            sys.exit(code)
        return code

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that has seen enough (`| head`) is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return result


class Words(click.Command):
    """A command whose arguments may be words with a dash before them: `search back pain -surgery`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Shield excluded words from being taken for options."""
        rest = super().parse_args(ctx, _shielded(args, self.params))
        ctx.params = {name: value.lstrip("\x00") if isinstance(value, str) else value for name, value in ctx.params.items()}
        return rest


def _shielded(args: list[str], params: list[click.Parameter]) -> list[str]:
    """Put a mark before "-word" where no option is called so; `Words` and `_question` take it off again."""
    known = {name for param in params for name in (*param.opts, *param.secondary_opts)} | {"-h"}
    shielded, text = [], False
    for arg in args:
        text = text or arg == "--"
        excluded = not text and len(arg) > 1 and arg[0] == "-" and arg[1] != "-" and not _is_option(arg, known)
        shielded.append(f"\x00{arg}" if excluded else arg)
    return shielded


def _is_option(arg: str, known: set[str]) -> bool:
    return arg in known or (arg[:2] in known and arg[2:].isdigit())


def _question(words: tuple[str, ...]) -> str:
    return " ".join(word.lstrip("\x00") for word in words)


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c",
    "--config",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Settings file; without it clinicdex.toml is looked for from here upwards.",
)
@click.option("-d", "--data", "data_dir", metavar="DATA_DIR", type=click.Path(file_okay=False), help="Data folder; no settings file is needed then.")
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on stderr.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours; auto heeds NO_COLOR.")
@click.version_option(package_name="clinicdex", message="clinicdex %(version)s")
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """Collect the articles of clinic websites and make them findable.

    \b
    clinicdex init                                 begin here
    clinicdex site add https://clinic.example      name a site
    clinicdex crawl                                collect, read, index
    clinicdex search low back pain                 find

    Exit codes: 0 ok, 1 failed, 2 usage, 3 done but some pages failed, 4 configuration or site unreachable or refused,
    5 held by the deletion guard, 130 interrupted, 143 terminated.
    """
    ctx.obj = options
    level = logging.INFO if options["verbose"] else logging.ERROR if options["quiet"] else logging.WARNING
    logging.basicConfig(level=level, format="clinicdex: %(message)s")
    if options["color"] == "never" or (options["color"] == "auto" and os.environ.get("NO_COLOR")):
        ctx.color = False
    elif options["color"] == "always":
        ctx.color = True


def _config(ctx: click.Context) -> Config:
    from pathlib import Path

    from clinicdex import config

    given, data = ctx.obj["file"], ctx.obj["data_dir"]
    file = Path(given) if given else config.find(Path.cwd())
    return config.load(file, os.environ, {"data_dir": data})


@contextlib.contextmanager
def _house(ctx: click.Context) -> Iterator[House]:
    from clinicdex.flow import House

    with House(_config(ctx)) as house:
        yield house


@contextlib.contextmanager
def _reader(ctx: click.Context) -> Iterator[Reader]:
    from clinicdex.index.open import engine_at

    with engine_at(_config(ctx).index_url).reader() as reader:
        yield reader


def _json_line(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


# --- settings and sites -------------------------------------------------------------------------------------------


@main.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--site", "site_url", metavar="URL", help="Add this site at once.")
@click.option("--contact", metavar="MAIL", help="Whom a site may write to; part of the user agent.")
@click.pass_context
def init(ctx: click.Context, folder: str, site_url: str | None, contact: str | None) -> None:
    """Write a commented clinicdex.toml.

    \b
    clinicdex init --site https://clinic.example --contact me@clinic.example
    """
    from pathlib import Path

    from clinicdex import config
    from clinicdex.errors import ConfigError

    file = Path(folder) / config.FILE_NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(config.template(contact))
    except FileExistsError:
        raise ConfigError(f"{file} is there already; edit it, or remove it first") from None
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}; name another folder") from error
    click.echo(f"wrote {file}", err=True)
    if site_url:
        ctx.obj["file"] = str(file)
        with _house(ctx) as house:
            site = _new_site(house, site_url, None)
            click.echo(f"added {site.name}; next: clinicdex crawl", err=True)


@main.group()
def site() -> None:
    """Name the sites to crawl."""


@site.command("add")
@click.argument("url")
@click.option("--name", help="Short name; made from the host otherwise.")
@click.option("--every", metavar="1d", help="Crawl so often: 30m, 6h, 1d, 2w.")
@click.option("--cron", metavar="E", help="Crawl at these times: '0 3 * * *'.")
@click.option("--delay", metavar="S", type=click.FloatRange(min=0), help="Seconds between two requests.")
@click.option("--allow", metavar="GLOB", multiple=True, help="Fetch only paths like this; repeatable.")
@click.option("--deny", metavar="GLOB", multiple=True, help="Never fetch paths like this; repeatable.")
@click.option("--allow-host", metavar="HOST:PORT", multiple=True, help="Fetch from here although the address is not public; repeatable.")
@click.pass_context
def site_add(ctx: click.Context, /, url: str, **options: Any) -> None:
    """Add a site, or change its settings.

    \b
    clinicdex site add https://clinic.example --every 1d
    """
    with _house(ctx) as house:
        added = _new_site(house, url, options.pop("name"), **options)
    click.echo(f"added {added.name}; next: clinicdex crawl {added.name}", err=True)


def _new_site(
    house: House, url: str, name: str | None, every: str | None = None, cron: str | None = None, delay: float | None = None,
    allow: tuple[str, ...] = (), deny: tuple[str, ...] = (), allow_host: tuple[str, ...] = (), replacing: bool = True,
) -> Site:  # fmt: skip
    from datetime import UTC, datetime

    from clinicdex import schedule, urls
    from clinicdex.catalogue.sites import Site
    from clinicdex.config import SITE_NAME
    from clinicdex.errors import ConfigError

    address = urls.canonical(url if "://" in url else f"https://{url}")
    if not address:
        raise ConfigError(f"{url!r} is no web address; write https://…")
    host, port = urls.host_port(address)
    name = name or (host.removeprefix("www.").replace(":", "-") + (f"-{port}" if port not in (80, 443) else ""))
    if not SITE_NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot name a site; use 1 to 64 of a-z 0-9 . _ - with --name")
    before = house.catalogue.sites.get(name)
    if before and not replacing:
        raise ConfigError(f"{address} belongs to the site {name} ({before.url}); crawl that, or add this address under another --name")
    wrong = schedule.problem(every, cron)
    if wrong or (every and cron):
        raise ConfigError(wrong or "give either --every or --cron, not both")
    due = datetime.now(UTC).timestamp() if every or cron else None
    added = Site(name, address, every, cron, delay, allow, deny, allow_host, due)
    house.catalogue.sites.add(added)
    return added


@site.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def site_list(ctx: click.Context, as_json: bool) -> None:
    """List the sites."""
    import dataclasses

    with _house(ctx) as house:
        for one in house.catalogue.sites.all():
            when = one.every or one.cron or "by hand"
            _json_line(dataclasses.asdict(one)) if as_json else click.echo(f"{one.name}\t{one.url}\t{when}")


@site.command("remove")
@click.argument("name")
@click.pass_context
def site_remove(ctx: click.Context, name: str) -> None:
    """Take a site off the list, with its pages and articles."""
    from clinicdex import flow

    with _house(ctx) as house:
        _known(house, name)
        count = flow.forget(house, name)
    click.echo(f"removed {name}: {count} pages and articles", err=True)


def _known(house: House, name: str) -> Site:
    from clinicdex.errors import ConfigError

    found = house.catalogue.sites.get(name)
    if found is None:
        names = ", ".join(one.name for one in house.catalogue.sites.all()) or "none yet; clinicdex site add URL"
        raise ConfigError(f"there is no site {name!r}; there are: {names}")
    return found


# --- crawl --------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("targets", metavar="[SITE|URL]...", nargs=-1)
@click.option("--max-pages", type=click.IntRange(min=1), metavar="N", help="Fetch at most so many pages of a site.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests; 0 for your own machine only.")
@click.option("--allow-host", metavar="HOST:PORT", multiple=True, help="Fetch from here although the address is not public; repeatable.")
@click.option("--full", is_flag=True, help="Ask for every page anew.")
@click.option("--no-index", is_flag=True, help="Collect and read only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def crawl(ctx: click.Context, /, targets: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Collect sites: all of them, or those named by name or address.

    \b
    clinicdex crawl
    clinicdex crawl https://clinic.example --max-pages 50
    """
    from clinicdex import flow, terminal
    from clinicdex.errors import ConfigError, Error
    from clinicdex.stopping import heeding_signals

    order = flow.Crawl(options["max_pages"], options["delay"], options["allow_host"], options["full"], not options["no_index"])
    codes = []
    with _house(ctx) as house, heeding_signals() as stopping:
        sites = [_target(house, target, options["allow_host"]) for target in targets] or house.catalogue.sites.all()
        if not sites:
            raise ConfigError("there is no site to crawl; run `clinicdex site add URL`")
        for one in sites:
            try:
                with terminal.progress(quiet=ctx.obj["quiet"]) as tell:
                    summary = flow.collect(house, one, order, tell, stopping)
            except Error as error:
                if len(sites) == 1:
                    raise
                click.echo(f"clinicdex: {error}", err=True)
                codes.append(error.exit_code)
                continue
            codes.append(_show_summary(ctx, summary, as_json))
            if stopping():
                return stopping.code
    return max(codes)


def _show_summary(ctx: click.Context, summary: Summary, as_json: bool) -> int:
    """Show how a crawl ended, and give its exit code."""
    import dataclasses

    from clinicdex import terminal

    if as_json:
        _json_line(dataclasses.asdict(summary))
    elif not ctx.obj["quiet"]:
        click.echo(terminal.summary_text(summary), err=True)
    return PARTIAL if summary.outcome == "partial" else 0


def _target(house: House, target: str, allow_hosts: tuple[str, ...]) -> Site:
    """Find a site by name or address; an address that is new is added."""
    from clinicdex import urls

    if "://" not in target:
        return _known(house, target)
    address = urls.canonical(target)
    found = next((one for one in house.catalogue.sites.all() if one.url == address), None)
    return found or _new_site(house, target, None, allow_host=allow_hosts, replacing=False)


# --- extract, import, export --------------------------------------------------------------------------------------


@main.command()
@click.argument("sources", metavar="FILE|URL|-...", nargs=-1)
@click.option("--url", metavar="U", help="Where the page came from.")
@click.option("--format", "shape", type=click.Choice(["json", "text", "markdown", "html"]), default="json", help="What to print.")
@click.option("--explain", is_flag=True, help="Show every block, what became of it and why.")
@click.option("--batch", metavar="FILE.jsonl", type=click.Path(allow_dash=True), help='One {"path"|"html", "url"} a line in, one record a line out.')
@click.option("--same-site", is_flag=True, help="With --batch: learn from all pages as one site first.")
@click.option("--force", is_flag=True, help="With --batch: give the main content of pages that are no articles, too.")
@click.pass_context
def extract(ctx: click.Context, /, sources: tuple[str, ...], batch: str | None, **options: Any) -> int:
    """Read single pages: HTML or plain text, from a file, an address or stdin (-).

    \b
    clinicdex extract page.html --url https://clinic.example/page
    clinicdex extract page.html --explain
    """
    from clinicdex import desk, jsonlines, terminal

    if batch:
        lines = jsonlines.of_file(batch)
        for record in desk.batch(lines, same_site=options["same_site"], force=options["force"]):
            _json_line(record)
        return 0
    if not sources:
        raise click.UsageError("Name a FILE or URL, or - for stdin.")
    codes = []
    for source, found in desk.read_sources(sources, options["url"], lambda: _config(ctx)):
        if options["explain"]:
            for verdict in found.verdicts:
                mark = "keep" if verdict.kept else "drop"
                click.echo(f"{mark}  {verdict.reason:26.26}  {verdict.block.tag:6.6}  {terminal.clean(verdict.block.text)[:90]!r}")
            continue
        shown = desk.shown(found, options["shape"], source)
        click.echo(shown.text)
        if shown.note:
            click.echo(f"clinicdex: {shown.note}", err=True)
        codes.append(0 if shown.is_article else 1)
    return max(codes, default=0)


@main.command("import")
@click.argument("file", metavar="FILE.jsonl|-")
@click.pass_context
def import_(ctx: click.Context, file: str) -> None:
    """Take in articles as JSON lines, as they are; only url and title or text are needed.

    \b
    clinicdex import articles.jsonl
    """
    from clinicdex import importing, jsonlines

    with _house(ctx) as house:
        count = importing.take_in(house, jsonlines.of_file(file))
    click.echo(f"imported {count} articles", err=True)


@main.command()
@click.option("--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="JSON lines or CSV.")
@click.option("-o", "out", metavar="FILE", type=click.Path(dir_okay=False), default="-", help="Where to write; stdout without it.")
@click.pass_context
def export(ctx: click.Context, shape: str, out: str) -> None:
    """Write every article.

    \b
    clinicdex export > articles.jsonl
    """
    from clinicdex import exporting
    from clinicdex.errors import ConfigError

    with _house(ctx) as house:
        try:
            with click.open_file(out, "w", encoding="utf-8", atomic=out != "-") as file:
                exporting.write(house.catalogue.articles.all(), shape, file)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ConfigError(f"cannot write {out}: {error.strerror}; name another file") from error


# --- search -------------------------------------------------------------------------------------------------------


@main.command(cls=Words)
@click.argument("query", metavar="QUERY...", nargs=-1)
@click.option("-n", "size", type=click.IntRange(1, 1000), default=10, help="Results on a page.")
@click.option("--page", type=click.IntRange(min=1), default=1, help="Which page.")
@click.option("--site", "in_site", help="Only this site.")
@click.option("--topic", help="Only this topic.")
@click.option("--author", help="Only this author.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"]), help="Published on this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"]), help="Published on this day or earlier.")
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", help="Best or newest first.")
@click.option("--facets", is_flag=True, help="Count topics, authors, sites, languages and years of all results.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--urls", is_flag=True, help="Addresses only.")
@click.option("--batch", metavar="FILE.jsonl", type=click.Path(allow_dash=True), help='One {"id","query"} a line in, one {"id","hits"} a line out.')
@click.pass_context
def search(ctx: click.Context, /, query: tuple[str, ...], batch: str | None, **options: Any) -> None:
    """Find articles. A "-" before a word or phrase excludes it.

    \b
    clinicdex search low back pain
    clinicdex search '"slipped disc"' -surgery --since 2023
    """
    from clinicdex import terminal
    from clinicdex.index.engine import to_record
    from clinicdex.index.query import Filters, parse

    if batch:
        return _search_batch(ctx, batch, options["size"])
    if not query:
        raise click.UsageError("What do you want to find? For example: clinicdex search low back pain")
    since, until = (value.date() if value else None for value in (options["since"], options["until"]))
    filters = Filters(options["in_site"], options["topic"], options["author"], None, since, until)
    size = options["size"]
    asked = parse(_question(query), filters, sort=options["sort"], offset=(options["page"] - 1) * size, size=size)
    with _reader(ctx) as reader:
        results = reader.search(asked, facets=options["facets"])
    if options["as_json"]:
        _json_line(to_record(results))
    elif options["urls"]:
        click.echo("".join(f"{hit.article.url}\n" for hit in results.hits), nl=False)
    else:
        shown, counted = terminal.results_text(results, (options["page"] - 1) * size + 1)
        click.echo(shown, nl=False)
        click.echo(counted, err=True)
    for notice in asked.notices:
        click.echo(f"clinicdex: {notice}", err=True)
    return None


def _search_batch(ctx: click.Context, batch: str, size: int) -> None:
    from clinicdex import jsonlines
    from clinicdex.errors import ConfigError
    from clinicdex.index.query import parse

    with _reader(ctx) as reader:
        for number, line in jsonlines.of_file(batch):
            if not isinstance(line, dict) or not isinstance(line.get("query"), str):
                raise ConfigError(f'line {number} needs {{"id": …, "query": "…"}}')
            results = reader.search(parse(line["query"], size=size))
            _json_line({"id": line.get("id"), "hits": [{"url": hit.article.url, "score": hit.score} for hit in results.hits]})


@main.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def show(ctx: click.Context, url: str, as_json: bool) -> None:
    """Show an article, and where each of its fields comes from."""
    from clinicdex import insight, terminal

    with _house(ctx) as house:
        record = insight.of_article(house, url)
    _json_line(record) if as_json else click.echo(terminal.article_text(record))


@main.command()
@click.argument("prefix")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def suggest(ctx: click.Context, prefix: str, as_json: bool) -> None:
    """Complete what is being typed."""
    from clinicdex import terminal

    with _reader(ctx) as reader:
        found = reader.suggest(prefix)
    _json_line(found) if as_json else click.echo("".join(f"{terminal.clean(one)}\n" for one in found), nl=False)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--cors", metavar="ORIGIN", multiple=True, help="Let pages of this origin search; repeatable.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, cors: tuple[str, ...]) -> None:
    """Serve the search page, its API and the search box."""
    from clinicdex.searchbox import server

    server.run(_config(ctx).index_url, host, port, cors, lambda text: click.echo(text, err=True))


# --- schedule -----------------------------------------------------------------------------------------------------


@main.group()
def schedule() -> None:
    """Crawl sites when they are due."""


@schedule.command("run")
@click.option("--once", is_flag=True, help="Crawl what is due, then end: for cron and systemd.")
@click.pass_context
def schedule_run(ctx: click.Context, once: bool) -> int:
    """Crawl every site when it is due, until SIGTERM or Ctrl-C."""
    import time
    from datetime import UTC, datetime

    from clinicdex import flow, terminal
    from clinicdex.stopping import heeding_signals

    codes = [0]
    with _house(ctx) as house, heeding_signals() as stopping:
        while not stopping():
            with terminal.progress(quiet=ctx.obj["quiet"]) as tell:
                for one, result in flow.run_due(house, datetime.now(UTC), tell, stopping):
                    codes.append(_told(ctx, one.name, result))
            if once:
                break
            time.sleep(1)
        return stopping.code or (max(codes) if once else 0)


def _told(ctx: click.Context, name: str, result: Summary | Exception) -> int:
    from clinicdex.errors import Error

    if isinstance(result, Exception):
        click.echo(f"clinicdex: {result}", err=True)
        return result.exit_code if isinstance(result, Error) else 1
    return _show_summary(ctx, result, as_json=False)


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def schedule_list(ctx: click.Context, as_json: bool) -> None:
    """List the sites, when each is due and how its last run ended."""
    from datetime import UTC, datetime

    def moment(seconds: float | None) -> str | None:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None

    with _house(ctx) as house:
        runs = house.catalogue.sites.last_runs()
        for one in house.catalogue.sites.all():
            run = runs.get(one.name)
            record = {"site": one.name, "schedule": one.every or one.cron, "next_due": moment(one.next_due)}
            record |= {"last_outcome": run.outcome if run else None, "last_ended": moment(run.ended) if run else None}
            _json_line(record) if as_json else click.echo("\t".join(str(value or "-") for value in record.values()))


# --- upkeep -------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def status(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Show what is in the catalogue, site by site; of one SITE also what was learned."""
    from clinicdex import insight, terminal

    with _house(ctx) as house:
        runs = house.catalogue.sites.last_runs()
        for one in [_known(house, name)] if name else house.catalogue.sites.all():
            run = runs.get(one.name)
            record = {
                "site": one.name,
                "url": one.url,
                "pages": house.catalogue.pages.count(one.name),
                "articles": house.catalogue.articles.count(one.name),
                "doubles": house.catalogue.articles.doubles(one.name),
                "rejected": house.catalogue.pages.rejections(one.name),
                "last_run": run.outcome if run else None,
            }
            record |= {"learned": insight.of_site(house, one.name)} if name else {}
            _json_line(record) if as_json else click.echo(terminal.status_text(record))


@main.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.pass_context
def reread(ctx: click.Context, name: str | None) -> None:
    """Read the stored pages again, without asking any site, and index."""
    from clinicdex import flow

    with _house(ctx) as house:
        names = [_known(house, name).name] if name else [one.name for one in house.catalogue.sites.all()]
        for one in names:
            count = house.catalogue.pages.mark_unread(one)
            flow.finish_reading(house, one)
            click.echo(f"{one}: {count} pages read, {house.catalogue.articles.count(one)} articles", err=True)
        flow.index(house)


@main.command()
@click.pass_context
def reindex(ctx: click.Context) -> None:
    """Build the index anew from the catalogue; searches go on meanwhile."""
    from clinicdex import flow

    with _house(ctx) as house:
        count = flow.rebuild(house)
    click.echo(f"indexed {count} articles", err=True)


@main.command()
@click.pass_context
def verify(ctx: click.Context) -> int:
    """Check catalogue and index, and that they agree. Exit 1 and a line for each problem."""
    from clinicdex import flow

    with _house(ctx) as house:
        problems = flow.problems(house)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems" if problems else "all is well", err=True)
    return 1 if problems else 0


@main.command()
@click.argument("target", metavar="URL|PREFIX|SITE")
@click.pass_context
def forget(ctx: click.Context, target: str) -> None:
    """Take an address, all that begin with a prefix, or a site out of everything, bytes included."""
    from clinicdex import flow

    with _house(ctx) as house:
        count = flow.forget(house, target)
    click.echo(f"forgot {count} pages and articles", err=True)


if __name__ == "__main__":
    from clinicdex.cli import main as installed_main

    installed_main()
