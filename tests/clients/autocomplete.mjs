// @meilisearch/autocomplete-client, unchanged, in Node.
import { meilisearchAutocompleteClient } from "@meilisearch/autocomplete-client";

const client = meilisearchAutocompleteClient({ url: process.argv[2], apiKey: "not-needed" });
const found = await client.search([{ indexName: "articles", query: "piri", params: { hitsPerPage: 4 } }]);

console.log(
  JSON.stringify({
    titles: found.results[0].hits.map((hit) => hit.title),
    marked: found.results[0].hits[0]._highlightResult.title.value,
  }),
);
