"""A person as written in a byline: name, credentials, role.

"Dr. Samantha de la Cruz, PT, DPT – Senior Director" has the name "Samantha de la Cruz", the credentials
("PT", "DPT") and the role "Senior Director". A name is never split before a credential or before "Jr.".
"""

from __future__ import annotations

import re
import unicodedata

from ..records import Person
from .letters import all_credentials, is_credential, leading_credentials, trailing_credentials
from .months import folded, months_of
from .names import GivenNames
from .person_title import as_credentials, has_title, without_title
from .person_words import CHINESE_SURNAMES, NOT_PEOPLE, PARTICLES, PROFESSIONS, ROLE_WORDS, TITLES_BEHIND

__all__ = ["PersonParser", "is_full"]

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-‐‑])*")
_LOWER_START = re.compile(r"(?:[dl]['’]|(?:al|el|ad|as)-)[^\W\d_]")  # d’Arcy, al-Khatib
_CJK_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}"
    r"|[\uac00-\ud7af]{2,4}"
    r"|[\u30a0-\u30ff・]{3,14}"
    r"|[\u3400-\u9fff]{1,3}[ \u3000][\u3040-\u30ff\u3400-\u9fff]{1,4}"
)
_ROLE = re.compile(r"\s+[–—|•·]\s+|\s+-\s+|\s*\(")
_CJK_ORGANISATION = re.compile(
    r"(?:일보|신문|통신|뉴스|방송|新聞|新闻|日報|日报|時報|时报|通信社?|通讯社?|通訊社?|編集部|编辑部|放送|電視|电视台?)$"
)
# A role or a button that only the style sheet separates from the name: "Gina TrapaniCEO"
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ]{2})(?=(?:CEO|CTO|CFO|Founder|Co-Founder"
    r"|President|Director|Editor|Senior|Staff|Reporter|News"
    r"|Writer|Author|Contributor|Correspondent|Follow|Twitter"
    r"|Facebook"
    r"|LinkedIn"
    r"|Email"
    r"|Profile"
    r"|Published"
    r"|Updated"
    r"|Korrespondent"
    r"|Redakteur"
    r"|Reporterin"
    r"|Autor"
    r"|Gründer"
    r"|Chef)(?:[A-Z ,]"
    r"|in\b"
    r"|$))"
)
_BRACKETS = re.compile(r"\s*\(([^()]{1,60})\)")
_DOT_BEFORE_LETTERS = re.compile(r"(?<=[a-z])\.\s+(?=[A-Z][A-Z.]+\b)")
_SENTENCE_END = re.compile(r"(?:(?<=[A-Z]{2})|(?<=[a-z]{5}))\.\s+(?=[A-Z][a-z]).*$", re.DOTALL)
# patronymics of East Slavic names
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич|овна|евна|ична|івна|ївна|ійович)\b")
_PROFESSION = re.compile(rf"(?<!\w)(?:{'|'.join(map(folded, PROFESSIONS.split('|')))})")
# "col. 1234", "CRO-SP 12345", "N° RPPS 10101", "reg. no. 55": a label of a register and a number
_REGISTER = re.compile(
    r"\b(?:reg(?:istr\w*)?|col(?:eg\w*)?|crm|cro|crn|crp|crefito|coren|cfm|n[.°ºr]|no|nr|num|gmc|nmc|gdc|hcpc"
    r"|rpps|adeli|matr\w*|m\.?p|m\.?n|lic\w*|ahpra|big|лиценз\w*|dipl\w*)\b[.:°º\s#/-]*(?:\w{1,4}[\s./-]*)?\d{3,}",
    re.IGNORECASE,
)
_MONTHS = months_of("en")
_MOST_TOKENS = 5  # words of a name, without its particles; chosen by hand


_AND = re.compile(
    r"[\s,]+(?:with contributions? (?:from|by)|in collaboration with"
    r"|together with|(?:unter )?mitarbeit:?(?: von)?|avec la (?:collaboration"
    r"|participation) de|con la (?:colaboración|collaborazione) (?:de"
    r"|di)|com a colaboração de|przy współpracy)\s+"
    r"|\s+(?:and|und|et|y|e|ed|en|og|och|oraz|i|ja|ve|și|si|a|и|і|та|та|és|και|và|with|mit)\s+"
    r"|\s*[&;、，]\s*"
    r"|\s*\n\s*"
    r"|,\s+(?:and|und|et|y|e)\s+"
    r"|\s+\|\s+(?=\S+ \S)",
    re.IGNORECASE,
)


class PersonParser:
    """Parses people as written in bylines; a list of given names distinguishes names from other words."""

    def __init__(self, given_names: GivenNames) -> None:
        self._given_names = given_names

    def parse(self, text: str) -> Person | None:
        """Return the one person that a text names; None if the text is not a person's name."""
        as_written = _once(_GLUED.sub(" ", _DOT_BEFORE_LETTERS.sub(", ", text)).split()).strip(" ,;:|•·–—-/")
        rest, behind_name = _cut_role(_BRACKETS.sub(_opened, as_written))
        parts = [part.strip() for part in rest.split(",") if part.strip()]
        if not parts:
            return None
        titles = as_credentials(parts[0])
        name, credentials = trailing_credentials(without_title(parts[0]))
        name, behind = _cut_title_behind(name)
        credentials += behind
        name, role = _cut_role_words(name)
        for part in parts[1:]:
            if _SUFFIX.fullmatch(part):
                name = f"{name}, {part}"
            elif letters := all_credentials(part):
                credentials += letters
            elif leading := leading_credentials(part):
                credentials += leading
                role = role or part[len(" ".join(leading)) :].strip(" -–—|") or None
            else:
                role = role or part
        alone_enough = bool(titles or credentials) or self._is_first_name(name)
        if is_credential(name) or not _is_name(name, alone_enough=alone_enough):
            return None
        role = role or behind_name
        return Person(_as_written(as_written, role), name, (*titles, *credentials), role)

    def split(self, text: str) -> list[Person]:
        """Return the people that a text names: "A. One, MD, B. Two, PhD and C. Three".

        Parsing stops at the first part that is not a person's name.
        """
        people: list[Person] = []
        names = without_title(text.strip())
        title = text.strip()[: len(text.strip()) - len(names)]
        for part in _AND.split(_beside(title + _SENTENCE_END.sub("", names))):
            for group in self._groups(part):
                person = self.parse(group)
                # "Ann Lee, physiotherapist and Lecturer of Rehabilitation": what follows a role is a role
                if person is None or (people and people[-1].role and not self.is_likely(person)):
                    return people
                if person.name not in {other.name for other in people}:
                    people.append(person)
        return people

    def inverted(self, text: str) -> list[Person]:
        """Return the people of a bibliographic field, which may write "Last, First; Last, First"."""
        people = []
        for entry in text.split(";"):
            last, comma, first = (part.strip() for part in entry.partition(","))
            swapped = (
                f"{first} {last}" if comma and "," not in first and not all_credentials(first) else entry
            )
            person = self.parse(swapped) or self.parse(entry)
            people += [person] if person else []
        return people

    def is_likely(self, person: Person) -> bool:
        """Whether the name alone indicates a person: by a title, credentials, or a known given name.

        A first word in other letters than ASCII is enough where capitals tell names from words; a CJK name
        needs a title.
        """
        if _CJK_NAME.fullmatch(person.name):  # any two characters look like a name
            return bool(person.credentials)
        if person.credentials:
            return True
        words = person.name.split()
        first = words[0]
        if first in self._given_names or _PATRONYMIC.search(person.name):
            return True
        if first.isascii():
            return False
        # capitals tell a name from other words in scripts that have them
        cased = _is_latin(first) or all(word[:1].isupper() for word in words)
        return (cased and not _PROFESSION.search(folded(person.name))) or any(
            word in self._given_names for word in words
        )

    def names_profession(self, text: str) -> bool:
        """Whether a text says what somebody does, or gives a number of a register."""
        return bool(_PROFESSION.search(folded(text)) or _REGISTER.search(text))

    def _groups(self, text: str) -> list[str]:
        """Split "A. One, MD, B. Two" before each part that starts a new name."""
        groups: list[str] = []
        for part in (piece.strip() for piece in _DOT_BEFORE_LETTERS.sub(", ", text).split(",")):
            if not part:
                continue
            belongs = _SUFFIX.fullmatch(part) or (
                not self._starts_a_name(part) if _in_capitals(part) else all_credentials(part)
            )
            if groups and (belongs or not self._starts_a_name(part)):
                groups[-1] += f", {part}"
            else:
                groups.append(part)
        return groups

    def _starts_a_name(self, part: str) -> bool:
        name, _ = trailing_credentials(without_title(_cut_role(part)[0]))
        tokens = name.split()
        named = (
            len(tokens) > 1
            and not any(token.lower() in ROLE_WORDS for token in tokens[:4])
            and not _PROFESSION.search(folded(name))
            and _is_name(name, alone_enough=False)
        )
        return named and (
            has_title(part)
            or tokens[0] in self._given_names
            or tokens[0].casefold() in _MONTHS
            or (not tokens[0].isascii() and _is_latin(tokens[0]))
        )

    def _is_first_name(self, word: str) -> bool:
        return word.isalpha() and word == word.capitalize() and word in self._given_names


def _in_capitals(part: str) -> bool:
    """Whether a part is two or more words in capitals: letters of a profession, or a name that shouts."""
    return part.isupper() and len(part.split()) > 1


def _is_latin(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith("LATIN")


def _beside(text: str) -> str:
    """Separate Chinese names that only a space divides: "张伟 李娜" are two people, "山田 太郎" is one."""
    words = text.split()
    chinese = len(words) > 1 and all(
        2 <= len(word) <= 4 and word[0] in CHINESE_SURNAMES and _CJK_NAME.fullmatch(word) for word in words
    )
    return "、".join(words) if chinese else text


def _once(words: list[str]) -> str:
    """Join words; if their second half repeats the first, use it once: "Jan Modaal Jan Modaal".

    Some pages write a name twice, once for screen readers.
    """
    half = len(words) // 2
    return " ".join(words[:half] if len(words) >= 4 and words[:half] == words[half:] else words)


def _opened(brackets: re.Match[str]) -> str:
    """Replace the brackets around credentials with a comma: "Hana Kowalik (PhD, MPH)"."""
    inner = [part.strip() for part in brackets[1].split(",")]
    return f", {brackets[1]}" if all(part and all_credentials(part) for part in inner) else brackets[0]


def is_full(person: Person) -> bool:
    """Whether a person has more than a bare first name."""
    return len(person.name.split()) > 1 or bool(person.credentials) or bool(_CJK_NAME.fullmatch(person.name))


def _cut_role(text: str) -> tuple[str, str | None]:
    parts = _ROLE.split(text, maxsplit=1)
    role = parts[1].strip(" )") if len(parts) > 1 else ""
    return parts[0], role or None


def _cut_title_behind(name: str) -> tuple[str, tuple[str, ...]]:
    """Separate a CJK name from the title behind it: "陳怡君 醫師", "王小明主任医师"."""
    title = max((word for word in TITLES_BEHIND if name.endswith(word)), key=len, default="")
    rest = name.removesuffix(title).strip() if title else name
    return (rest, (title,)) if title and _CJK_NAME.fullmatch(rest) else (name, ())


def _cut_role_words(name: str) -> tuple[str, str | None]:
    """Separate a full name from the role that follows: "Sina Zehrfeld Landespolitische Korrespondentin"."""
    tokens = name.split()
    start = next((n for n in range(2, len(tokens)) if tokens[n].lower().strip(".:") in ROLE_WORDS), None)
    return (" ".join(tokens[:start]), " ".join(tokens[start:])) if start else (name, None)


def _as_written(text: str, role: str | None) -> str:
    """Return the name and credentials as written, without the role that follows."""
    start = text.find(role) if role else -1
    return (text[:start].rstrip(" ,;:|•·–—-(") or text) if start > 0 else text


def _is_name(name: str, *, alone_enough: bool) -> bool:
    if _CJK_NAME.fullmatch(name):
        return not _CJK_ORGANISATION.search(name)
    tokens = [token for token in name.replace(",", " ").split() if token.lower() not in PARTICLES]
    if not tokens or len(tokens) > _MOST_TOKENS or (len(tokens) == 1 and not alone_enough):
        return False
    if any(token.lower().strip(".") in NOT_PEOPLE or token.endswith(("'s", "’s")) for token in tokens):
        return False
    if all(token.casefold().strip(".") in _MONTHS for token in tokens):
        return False
    return all(
        _TOKEN.fullmatch(token) and (not token[0].islower() or _LOWER_START.match(token)) for token in tokens
    )
