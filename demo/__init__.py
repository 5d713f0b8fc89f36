"""The demo: two invented clinic websites and a server for them.

The sites have the quirks of real clinic sites that cause trouble for crawlers. Tests and first-time users can
crawl, extract and search something realistic without leaving the machine. Clinics, people and texts are
invented; the advice is cautious, but it is not a treatment plan for anybody.
"""
