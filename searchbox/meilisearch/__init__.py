"""The read-only search part of the Meilisearch API, for existing search clients."""
