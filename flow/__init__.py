"""The application: the only package that knows how data flows from end to end, one module per step.

    crawling      crawler ──Page──▶ catalogue; extracts and indexes the pages while they arrive
    extraction    catalogue ──Page──▶ pipeline ──Article──▶ catalogue
    indexing      catalogue ──Article──▶ index
    forgetting    removes a URL, a URL prefix or a site from catalogue and index

Every step can be run again on its own, does nothing twice, and survives `kill -9`. Around the steps:
`workspace` opens what they work on, `scheduler` runs `crawling` for sites that are due, and `single_pages`,
`preview`, `explain` and `transfer` serve one-off requests of a person.
"""
