"""Note at every label in vocabulary/labels how it is attested.

    python benchmarks/vocabulary/labels.py

The labels in other languages than English were written by hand for clinicdex in 2026: no licensed vocabulary
with all of these languages could be had from a package (docs/decisions/0052). The last column of a row names
its source: "hand" alone, or "hand, wordfreq" if every word of the label is in the largest list of words that
wordfreq 3.1 has for the language. The package wordfreq must be installed.
"""

from __future__ import annotations

import re
from pathlib import Path

import wordfreq

LABELS = Path(__file__).resolve().parents[2] / "vocabulary/labels"
HEADER = "# id\tlabel\tsynonyms\tsource; written by hand for clinicdex, see benchmarks/vocabulary/labels.py\n"


def main() -> None:
    for file in sorted(LABELS.glob("*.tsv")):
        known = wordfreq.get_frequency_dict(file.stem, "best")
        rows = [line.split("\t")[:3] for line in file.read_text(encoding="utf-8").splitlines()]
        entries = [row for row in rows if row[0] and not row[0].startswith("#") and row[1]]
        attested = 0
        lines = []
        for id_, label, synonyms in entries:
            is_known = all(word in known for word in re.findall(r"[^\W_]+", label.casefold()))
            attested += is_known
            lines.append("\t".join([id_, label, synonyms, "hand, wordfreq" if is_known else "hand"]) + "\n")
        file.write_text(HEADER + "".join(lines), encoding="utf-8")
        print(f"{file.stem}: {len(entries)} labels, {attested} of words in wordfreq's list")


if __name__ == "__main__":
    main()
