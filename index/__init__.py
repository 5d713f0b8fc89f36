"""Search articles. Nothing here knows HTML, and an engine's query syntax stays in that engine's folder.

engine, open, memory, whoosh/, opensearch/      the contract of every engine, and the engines
query, question_words, filters, synonyms, spelling, analysis      from what people type to terms
answer, ranking, fields, cursor, near_duplicates, topic_tree      from terms to a page of results
snippet, occurrences, highlight      what is shown of a text
pending, shared, closing      what writers collect, what readers share, how both end
"""
