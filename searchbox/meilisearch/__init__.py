"""The read-only search subset of the Meilisearch API, for other people's search clients."""
