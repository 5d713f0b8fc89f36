// meilisearch-js, unchanged, against the address given: prints what it got as JSON.
import { Meilisearch, MeilisearchApiError } from "meilisearch-newest";

const client = new Meilisearch({ host: process.argv[2], apiKey: "not-needed" });
const index = client.index("articles");
const failed = async (promise) => {
  try {
    await promise;
    return "no error";
  } catch (error) {
    return [error instanceof MeilisearchApiError, error.cause?.code, error.response?.status];
  }
};
const titles = (found) => found.hits.map((hit) => hit.title).sort();

console.log(
  JSON.stringify({
    health: await client.health(),
    version: (await client.getVersion()).pkgVersion,
    indexes: (await client.getIndexes()).results.map((one) => one.uid),
    index: (await client.getRawIndex("articles")).primaryKey,
    post: titles(await index.search("sciatic")),
    get: titles(await index.searchGet("sciatic", { limit: 5, attributesToRetrieve: ["title"] })),
    arrays: titles(await index.search("", { filter: [["site = two"], ["published EXISTS"]] })),
    text: titles(await index.search("", { filter: "topics IN [Knee, Sciatica] AND NOT site = two" })),
    range: titles(await index.search("", { filter: "published 1640995200 TO 1672531200" })),
    highlighted: (await index.search("piriformis", { attributesToHighlight: ["title"] })).hits[0]._formatted
      .title,
    pages: await index
      .search("", { page: 1, hitsPerPage: 3 })
      .then(({ totalHits, totalPages }) => [totalHits, totalPages]),
    multi: (
      await client.multiSearch({
        queries: [
          { indexUid: "articles", q: "knee" },
          { indexUid: "articles", q: "sciatica" },
        ],
      })
    ).results.map(titles),
    facet: (await index.searchForFacetValues({ facetName: "topics", facetQuery: "kn" })).facetHits,
    badFilter: await failed(index.search("", { filter: "colour = red" })),
    noIndex: await failed(client.index("none").search("x")),
  }),
);
