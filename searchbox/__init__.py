"""The door for web pages: a search page drawn on the server, the same as data, and a script that adds a search box."""
