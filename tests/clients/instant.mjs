// instant-meilisearch, unchanged, in Node: the requests that InstantSearch makes.
import { instantMeiliSearch } from "@meilisearch/instant-meilisearch";

const { searchClient } = instantMeiliSearch(process.argv[2], "not-needed", { finitePagination: true });
const ask = async (params) => (await searchClient.search([{ indexName: "articles", params }])).results[0];
const hits = await ask({
  query: "sciatic",
  hitsPerPage: 5,
  facets: ["topics", "site"],
  highlightPreTag: "__ais-highlight__",
  highlightPostTag: "__/ais-highlight__",
  page: 0,
});
const narrowed = await ask({
  query: "",
  hitsPerPage: 5,
  page: 0,
  facetFilters: [["site:two"], ["topics:Sciatica"]],
});
const values = await searchClient.searchForFacetValues([
  { indexName: "articles", params: { facetName: "topics", facetQuery: "kn", query: "" } },
]);

console.log(
  JSON.stringify({
    titles: hits.hits.map((hit) => hit.title).sort(),
    highlighted: hits.hits[0]._highlightResult.content.value,
    facets: hits.facets.site,
    count: hits.nbHits,
    narrowed: narrowed.hits.map((hit) => hit.title),
    values: values[0].facetHits.map((hit) => hit.value),
  }),
);
