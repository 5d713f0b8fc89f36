"""The demo: two invented clinic websites and the server that shows them.

They carry the habits of real clinic sites that a crawler trips over, so that tests and first-time users
can crawl, read and search something realistic without leaving the machine.
Clinics, people and texts are made up; the advice is cautious, but nobody's treatment plan.
"""
