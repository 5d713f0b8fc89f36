"""Search for web pages: a search page rendered on the server, the same results as data, and a search box.

The search box is a script that any page can include.
"""
