"""A person as a byline writes one: name, credentials, role.

"Dr. Samantha de la Cruz, PT, DPT – Senior Director" is {name: "Samantha de la Cruz", credentials: (PT, DPT), role: …}.
A name is never split before a credential or before "Jr.".
"""

from __future__ import annotations

import re

from ..article import Person

__all__ = ["parse", "split"]

# Post-nominal letters of health professions. Sources: the credential lists of the American Chiropractic Association,
# American Physical Therapy Association, American Dental Association, American Nurses Association, Academy of Nutrition
# and Dietetics, and the fellowships of the Royal Colleges; academic degrees as universities abbreviate them.
_CREDENTIALS = frozenset(
    (
        "MD DO DC DPT PT PTA OT OTR OTD COTA DDS DMD DPM OD PHD PSYD EDD SCD DSC DRPH MPH MPT MSPT MSC MS MA MBA MED MSN MSW BSC "
        "BS BA BSN BDS MBBS MBCHB RN NP FNP APRN CRNA CNM LPN PA PA-C RD RDN LD CNS CDE LAC DIPLAC DAOM DACM DOM DOMP ND NMD RPH "
        "PHARMD LMT CMT RMT LCSW LMFT LPC LMHC BCBA SLP CCC-SLP AUD CSCS ATC NASM ACE AFAA ISSA CPT OCS SCS COMT FAAOMPT MTC "
        "CERTMDT FACS FACP FACC FAAP FACOG FAAOS FAAD FACSM FRCS FRCP FRACGP FAND CCSP DACBSP DACNB CCN DABCO FICA FACO IFBB CSSD "
        "EMT DVM DR.TCM DTCM TCM DRTCM MCSP HCPC BPHTY MCHIRO BCHIRO PHYSIO"
    ).split()
)
_TITLES = r"(?:(?:dr|prof|professor|doctor|mr|mrs|ms|miss|sr|sra|dra|doctora|prof\.?\s*dr|herr|frau|mme|dipl)\b\.?\s*)+"
_TITLE = re.compile(rf"^{_TITLES}(?=\S)", re.IGNORECASE)
_DOCTOR = re.compile(r"^(?:dr|dra|doctor|doctora|prof)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_PARTICLES = frozenset("de del della der den di da dos das do du la le van von zu zur ter ten al el bin ibn bint y e san st st.".split())
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-])*")
_ROLE = re.compile(r"\s+[–—|•·]\s+|\s+-\s+|\s*\(")
_MOST_TOKENS = 5  # of a name without its particles

# Words that name an account, an office or an organisation, never a person.
_NOT_PEOPLE = frozenset(
    (
        "admin administrator administration webmaster editor editorial editors staff team author authors writer writers "
        "contributor contributors user guest anonymous unknown undefined clinic clinics center centre centers hospital hospitals "
        "health healthcare wellness chiropractic chiropractor dental dentistry physiotherapy physio therapy rehab medical "
        "medicine group institute foundation association society university college school department office practice company inc "
        "llc ltd gmbh corp news press media marketing agency design studio web website site blog posts post page home support "
        "info contact service services solutions online digital the and our your all view more about read by on at in reviewed "
        "reviewer written published updated comments comment share email monday tuesday wednesday thursday friday saturday sunday "
        "january february march april june july august september october november december care pain back spine exercise "
        "exercises treatment treatments"
    ).split()
)


def parse(text: str) -> Person | None:
    """Read one person; None if this is no person's name."""
    as_written = " ".join(text.split()).strip(" ,;:|•·–—-")
    rest, role = _cut_role(as_written)
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    if not parts:
        return None
    title = _TITLE.match(parts[0])
    name, credentials = _trailing_credentials(_TITLE.sub("", parts[0]))
    for part in parts[1:]:
        if _SUFFIX.fullmatch(part):
            name = f"{name}, {part}"
        elif found := _all_credentials(part):
            credentials += found
        else:
            role = role or part
    doctor = bool(title and _DOCTOR.match(title.group()))
    if not _is_name(name, alone_enough=doctor or bool(credentials)):
        return None
    return Person(_as_written(as_written, role), name, credentials, role)


def _cut_role(text: str) -> tuple[str, str | None]:
    parts = _ROLE.split(text, maxsplit=1)
    role = parts[1].strip(" )") if len(parts) > 1 else ""
    return parts[0], role or None


def _as_written(text: str, role: str | None) -> str:
    """Give the name and credentials as they stand, without the role that follows."""
    if not role:
        return text
    return text[: text.find(role)].rstrip(" ,;:|•·–—-(") or text


def _credential(token: str) -> bool:
    plain = token.replace(".", "").upper()
    return plain in _CREDENTIALS and (token.isupper() or "." in token or (token[:1].isupper() and token != token.capitalize()))


def _all_credentials(part: str) -> tuple[str, ...]:
    tokens = re.split(r"[\s/]+", part)
    return tuple(tokens) if all(_credential(token) or token.upper() in _CREDENTIALS for token in tokens) else ()


def _trailing_credentials(name: str) -> tuple[str, tuple[str, ...]]:
    """Cut credentials that follow a name without a comma: "Hannah Cole PT DPT"."""
    tokens = name.split()
    place = len(tokens)
    while place > 1 and _credential(tokens[place - 1]) and len(tokens[place - 1].replace(".", "")) > 1:
        place -= 1
    return " ".join(tokens[:place]), tuple(tokens[place:])


def _is_name(name: str, *, alone_enough: bool) -> bool:
    tokens = [token for token in name.replace(",", " ").split() if token.lower() not in _PARTICLES]
    if not tokens or len(tokens) > _MOST_TOKENS or (len(tokens) == 1 and not alone_enough):
        return False
    if any(token.lower().strip(".") in _NOT_PEOPLE for token in tokens):
        return False
    return all(_TOKEN.fullmatch(token) and not token[0].islower() for token in tokens)


def split(text: str) -> list[Person]:
    """Read several people: "A. One, MD, B. Two, PhD and C. Three". Empty if any part is no person."""
    people: list[Person] = []
    for part in re.split(r"\s+(?:and|und|et|y|e|en|with)\s+|\s*[&;]\s*|\s*\n\s*", text.strip(), flags=re.IGNORECASE):
        for group in _groups(part):
            person = parse(group)
            if person is None:
                return people if people else []
            people.append(person)
    return people


def _groups(text: str) -> list[str]:
    """Cut "A. One, MD, B. Two" before each part that is a name of its own."""
    groups: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            continue
        belongs = _SUFFIX.fullmatch(part) or _all_credentials(part) or not _starts_a_name(part)
        if groups and belongs:
            groups[-1] += f", {part}"
        else:
            groups.append(part)
    return groups


def _starts_a_name(part: str) -> bool:
    name, _ = _trailing_credentials(_TITLE.sub("", _cut_role(part)[0]))
    return len(name.split()) > 1 and _is_name(name, alone_enough=False)
