"""Write index/stop_words.json: the stop words of languages, folded.

    python benchmarks/vocabulary/stop_words.py

Snowball's lists (BSD licence), as Whoosh carries them, for the languages that have one; for others those
words of stopwords-iso (MIT licence) that are among the 250 most frequent of the language in wordfreq, because
its lists are long and hold words that people search for. English is in index/question_words.py.

    pip install stopwordsiso wordfreq
"""

from __future__ import annotations

import json
from pathlib import Path

import stopwordsiso
from clinicdex.index.words import words
from whoosh.lang.stopwords import stoplists
from wordfreq import top_n_list

FILE = Path(__file__).parents[2] / "index/stop_words.json"
FREQUENT = 250
OTHERS = (
    "ar",
    "bg",
    "ca",
    "cs",
    "el",
    "fa",
    "he",
    "hi",
    "hr",
    "id",
    "lt",
    "lv",
    "pl",
    "ro",
    "sk",
    "sl",
    "uk",
)
# Vietnamese is left out: without its marks, its short words are those for skin, head and others.
# Words of Snowball's lists that are forms of verbs and nouns that people search for ("sentir": to feel)
CONTENT = {"es": {word for word in stoplists["es"] if word.startswith(("sent", "sient"))}}


def main() -> None:
    lists = {
        code: set(listed) - CONTENT.get(code, set()) for code, listed in stoplists.items() if code != "en"
    }
    for code in OTHERS:
        frequent = set(top_n_list(code, FREQUENT)) if code in _measured() else None
        listed = set(stopwordsiso.stopwords(code))
        lists[code] = listed & frequent if frequent else listed
    lists["nb"] = lists.pop("no")
    folded = {
        code: " ".join(sorted({word for entry in listed for word in words(entry)}))
        for code, listed in sorted(lists.items())
    }
    FILE.write_text(json.dumps(folded, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _measured() -> set[str]:
    from wordfreq import available_languages

    return set(available_languages())


if __name__ == "__main__":
    main()
