"""`search`, `suggest`, `show` and `more-like`: find articles."""

from __future__ import annotations

from typing import Any

import click

from .context import json_line, reader_of, workspace_of

__all__ = ["Words", "more_like", "search", "show", "suggest"]


class Words(click.Command):
    """A command whose arguments may be words with a leading dash: `search back pain -surgery`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments without taking excluded words for options."""
        rest = super().parse_args(ctx, _shielded(args, self.params))
        ctx.params = {
            name: value.lstrip("\x00") if isinstance(value, str) else value
            for name, value in ctx.params.items()
        }
        return rest


def _shielded(args: list[str], params: list[click.Parameter]) -> list[str]:
    """Put a NUL before "-word" unless it is an option; `Words` and `_question` remove it again."""
    known = {name for param in params for name in (*param.opts, *param.secondary_opts)} | {"-h"}
    shielded, text = [], False
    for arg in args:
        text = text or arg == "--"
        excluded = (
            not text and len(arg) > 1 and arg[0] == "-" and arg[1] != "-" and not _is_option(arg, known)
        )
        shielded.append(f"\x00{arg}" if excluded else arg)
    return shielded


def _is_option(arg: str, known: set[str]) -> bool:
    return arg in known or (arg[:2] in known and arg[2:].isdigit())


def _question(words: tuple[str, ...]) -> str:
    return " ".join(word.lstrip("\x00") for word in words)


@click.command(cls=Words)
@click.argument("query", metavar="QUERY...", nargs=-1)
@click.option("-n", "size", type=click.IntRange(1, 1000), default=10, help="Results on a page.")
@click.option("--page", type=click.IntRange(min=1), default=1, help="Which page.")
@click.option("--site", "in_site", help="Only this site.")
@click.option("--topic", help="Only this topic.")
@click.option("--author", help="Only authors of this name; one word of it will do.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"]), help="Published on this day or later."
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"]), help="Published on this day or earlier."
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "recent", "date"]),
    default="relevance",
    help="Best first, best with newer ones favoured, or newest first.",
)
@click.option("--after", metavar="CURSOR", help="The page after the one whose JSON said this cursor.")
@click.option(
    "--facets", is_flag=True, help="Count topics, authors, sites, languages and years of all results."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--urls", is_flag=True, help="Addresses only.")
@click.option(
    "--batch",
    metavar="FILE.jsonl",
    type=click.Path(allow_dash=True),
    help='One {"id","query"} a line in, one {"id","hits"} a line out.',
)
@click.pass_context
def search(ctx: click.Context, /, query: tuple[str, ...], batch: str | None, **options: Any) -> None:
    """Find articles. A "-" before a word or phrase excludes it.

    \b
    clinicdex search low back pain
    clinicdex search '"slipped disc"' -surgery --since 2023
    clinicdex search exercis* topic:"back pain" author:hill date:2023..
    """
    from ..index.engine import to_record
    from ..index.query import Filters, parse
    from ..index.spelling import meant, nearby
    from . import output

    if batch:
        _search_batch(ctx, batch, options["size"])
        return
    if not query:
        raise click.UsageError("What do you want to find? For example: clinicdex search low back pain")
    since, until = (value.date() if value else None for value in (options["since"], options["until"]))
    filters = Filters(
        site=options["in_site"], topic=options["topic"], named=options["author"], since=since, until=until
    )
    size = options["size"]
    parsed = parse(
        _question(query),
        filters,
        sort=options["sort"],
        offset=(options["page"] - 1) * size,
        size=size,
        after=options["after"],
    )
    with reader_of(ctx) as reader:
        results = reader.search(parsed, facets=options["facets"])
        spellings = reader.correct(parsed)
        near = nearby(results.query.words, reader.suggest) if not results.total else []
    if options["as_json"]:
        json_line(to_record(results) | {"did_you_mean": meant(_question(query), spellings)})
    elif options["urls"]:
        click.echo("".join(f"{hit.article.url}\n" for hit in results.hits), nl=False)
    else:
        text, counted = output.results_text(results, (options["page"] - 1) * size + 1)
        click.echo(text, nl=False)
        click.echo(counted, err=True)
    notices = [*parsed.notices, *results.notices]
    notices += [f"did you mean: {meant(_question(query), spellings)}"] if spellings else []
    notices += [f"there is: {', '.join(map(output.clean, near))}"] if near else []
    for notice in notices:
        click.echo(f"clinicdex: {notice}", err=True)


def _search_batch(ctx: click.Context, batch: str, size: int) -> None:
    from ..errors import ConfigError
    from ..index.query import BATCH, parse
    from . import jsonlines

    with reader_of(ctx) as reader:
        for number, line in jsonlines.of_file(batch):
            if not isinstance(line, dict) or not isinstance(line.get("query"), str):
                raise ConfigError(f'line {number} needs {{"id": …, "query": "…"}}')
            results = reader.search(parse(line["query"], size=size, limits=BATCH))
            json_line(
                {
                    "id": line.get("id"),
                    "hits": [{"url": hit.article.url, "score": hit.score} for hit in results.hits],
                }
            )


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def show(ctx: click.Context, url: str, as_json: bool) -> None:
    """Show an article, and where each of its fields comes from."""
    from ..flow.explain import facts_of_article
    from . import output

    with workspace_of(ctx) as workspace:
        facts = facts_of_article(workspace, url)
    json_line(facts.to_record()) if as_json else click.echo(output.article_text(facts))


@click.command("more-like")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def more_like(ctx: click.Context, url: str, as_json: bool) -> None:
    """Find articles about the same subject as the one at a URL.

    \b
    clinicdex more-like https://clinic.example/low-back-pain/
    """
    from ..flow.explain import facts_of_article
    from ..index.engine import Results, to_record
    from . import output

    with workspace_of(ctx) as workspace:
        id_ = facts_of_article(workspace, url).article.id
    with reader_of(ctx) as reader:
        hits = tuple(reader.more_like(id_))
    results = Results(len(hits), hits)
    json_line(to_record(results)["hits"]) if as_json else click.echo(
        output.results_text(results, 1)[0], nl=False
    )


@click.command()
@click.argument("prefix")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def suggest(ctx: click.Context, prefix: str, as_json: bool) -> None:
    """Complete a PREFIX with titles, topics and authors."""
    from . import output

    with reader_of(ctx) as reader:
        completions = reader.suggest(prefix)
    json_line(completions) if as_json else click.echo(
        "".join(f"{output.clean(text)}\n" for text in completions), nl=False
    )
