"""Extract an Article or a Rejection from a Page. Nothing here touches the network, the disk or the clock.

extract, extract_text      the stages in order, for a page and for a plain-text dump
opening, decode, rules, parsed_page, segment, blocks, plaintext, characters      from bytes to blocks
content, features, block_columns, page_features, forest, lexicon, trained, boilerplate    main content
byline, attribution, signature, signing_blocks, author_marks, byline_phrases    who signed
person, person_words, names      what is a person
title, dates, language, kind, tags, topics, metadata, robots      the other fields
site, canonical, duplicates, near      what pages have in common
override, imported, render, version      the owner's word, articles from elsewhere, Markdown, the digest
"""
