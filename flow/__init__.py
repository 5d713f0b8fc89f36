"""The application: the one package that knows the whole way of the data, one module a leg.

    crawling      a site:  crawler ──Page──▶ catalogue, while what came in is extracted and indexed
    extraction    catalogue ──Page──▶ pipeline ──Article──▶ catalogue
    indexing      catalogue ──Article──▶ index
    forgetting    take a URL, a prefix or a site out of everything

Every leg can be run again alone, does nothing twice, and survives `kill -9`. Around the legs: `workspace` opens what they work on,
`scheduler` runs `crawling` when sites are due, `single_pages`, `preview`, `explain` and `transfer` serve single questions of people.
"""
