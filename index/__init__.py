"""Find articles. `engine.py` says what an engine must do; `memory.py` is the plain reference, `whoosh.py` the embedded default.

Nothing here knows HTML, and no engine's query syntax leaves its file.
"""
