"""The commands of the command line, imported one by one.

Each parses its arguments, calls one function of the application and prints the result.
"""
