"""The commands of the command line, loaded one by one: each parses, calls one function of the house, and prints."""
