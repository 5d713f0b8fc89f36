"""Patterns for the phrases of bylines in many languages: who wrote, who reviewed, what follows a name.

Collected from the public gold sets, the clinic sites and the pages in other languages that the benchmarks
measure, and from the words these languages use for "by", "written by" and "reviewed by". One alternative per
line.
"""

from __future__ import annotations

import re

__all__ = [
    "ABOUT",
    "BYLINE",
    "DATED",
    "GLUED_BY",
    "INNER_BY",
    "LABEL_ABOUT",
    "LABEL_CARD",
    "LABEL_REVIEWED",
    "LABEL_WROTE",
    "REVIEW",
    "TAIL",
]

# The words that languages put before or after a name. A noun needs a colon or stands alone as a label.
_BY = (
    r"by|von|par|por|di|door|da|av|af|oleh|przez|autor:in|מאת|โดย|από|της|του|kirjoittanut|írta"
    r"|por el|por la|per"
)
_WROTE = (
    r"(?:(?:medically )?(?:written|authored|prepared|submitted)"
    r"|posted|published|article|words|story|text|contributed"
    r"|created|compiled|content|report) by"
    r"|(?:article|post|story|guest) (?:author|writer)(?= ?[:：]|$)"
    r"|(?:author\(?s?\)?|contributors?|words|text|story|writer"
    r"|autor(?:a|as|in|innen|en|e|es|:in)?|autore|auteure?s?"
    r"|verfasser(?:in)?|schreiber|yazar|yazan|kirjoittaja"
    r"|tekst|"
    r"penulis|tác giả|автор(?:ка|ы|и)?(?: статьи| статті| текста| материала)?|συγγραφέας|κείμενο|redactora?"
    r"|published|posted|written|författare|forfatter|teksti|text|szerző|autorul|avtor|autorius|autors"
    r"|müəllif|hazırlayan|hazırladı|kaleme alan|yazıyı hazırlayan|текст|статья|материал|подготовлено"
    r"|מחבר|מחברת|כותב|כותבת|הכותב|הכותבת|المؤلف|الكاتب|الكاتبة|كاتب|إعداد|نویسنده|نگارنده|लेखक"
    r"|ผู้เขียน|ผู้แต่ง|bài viết|biên soạn|autoría|autoria|autora|redazione di|testi|auteur(?:e|s|es|rice)?"
    r"|redactie|redaktor|opracowanie własne|piše|napisao|napisala)(?= ?[:：]|$)"
    r"|(?:статью |текст |материал )?(?:написал[аи]?|подготовил[аи]?|написав|написала|підготував|підготувала)"
    r"|γράφει (?:ο|η|οι)|scris de|redactat de|napsal[a]?|připravil[a]?|napísal[a]?|pripravil[a]?"
    r"|írta|szerző|skrivet av|skrivet|författad av|tekst av|tekst af|teksten er skrevet av|kirjoittanut"
    r"|נכתב על[- ]ידי|נכתב ע[״\"]י|כתבה|כתב וערך"
    r"|كتبته|كتب|تأليف|بقلم (?:الدكتور|د\.)|نوشته(?:‌| )?(?:ی|شده توسط)?"
    r"|เขียนโดย|เรียบเรียงโดย|บทความโดย|disusun oleh|oleh|escrit per|yazdı"
    r"|(?:testo|articolo|a firma) di"
    r"|redatto da"
    r"|autori"
    r"|(?:texte|article|un article) de"
    r"|signé"
    r"|(?:texto|artigo|artículo) (?:de|por)"
    r"|autoria"
    r"|texto"
    r"|texte"
    r"|testo"
    r"|tekst i zdjęcia"
    r"|opracowanie"
    r"|opracował[ao]?"
    r"|przygotował[ao]?"
    r"|ein (?:artikel|text) von"
    r"|text und fotos?"
    r"|autor/in"
    r"|autor\*in"
    r"|een artikel van"
    r"|escrito por"
    r"|publicado por"
    r"|redactado por"
    r"|verfasst von"
    r"|geschrieben von"
    r"|text von"
    r"|ein beitrag von"
    r"|écrit par"
    r"|rédigé par"
    r"|publié par"
    r"|scritto da"
    r"|pubblicato da"
    r"|"
    r"a cura (?:di|del|della|dell.)"
    r"|geschreven door"
    r"|tekst door"
    r"|skrevet af"
    r"|skriven av"
    r"|napisał[ao]?"
    r"|ditulis oleh"
    r"|viết bởi"
    r"|بقلم"
    r"|كتبه"
    r"|כתב"
    r"|נכתב על ידי"
)
_REVIEWED = (
    r"(?:medically |clinically |scientifically |fact[- ]"
    r"|expert[- ]|peer[- ])?(?:reviewed|checked|verified"
    r"|approved)(?: for (?:medical )?accuracy)? by"
    r"|(?:(?:medical|clinical|expert|scientific) reviewers?"
    r"|reviewers?|(?:medical|expert|clinical|scientific) review)(?= ?[:：]"
    r"|$)"
    r"|revisad[oa] (?:médicamente )?por"
    r"|revisión médica"
    r"|revisione medica"
    r"|revisionato da"
    r"|revisão médica"
    r"|relecture médicale"
    r"|relu par"
    r"|vérifié par"
    r"|validé par"
    r"|(?:medizinisch|fachlich|ärztlich) (?:geprüft|überprüft) (?:von|durch)"
    r"|geprüft (?:von|durch)"
    r"|(?:medizinische|fachliche|ärztliche) (?:prüfung|überprüfung|durchsicht)"
    r"|medisch (?:gecontroleerd|beoordeeld) door"
    r"|gecontroleerd door"
    r"|ditinjau oleh"
    r"|zweryfikował[ao]?"
    r"|recenzja medyczna"
    r"|tham vấn y khoa"
    r"|(?:konsultacja|weryfikacja|recenzja) (?:medyczna|merytoryczna)"
    r"|zrecenzował[ao]?"
    r"|validation (?:médicale|scientifique)"
    r"|revisione (?:scientifica|medica)"
    r"|revisto da"
    r"|revisão (?:técnica|médica|científica)"
    r"|revisión (?:técnica|científica)"
    r"|(?:wissenschaftlich|medizinisch) (?:beraten|begutachtet) (?:von|durch)"
    r"|medische controle"
)
_CJK_WROTE = (
    r"作者|撰文|撰稿|文|编写|編寫|著|著者|筆者|執筆者?|ライター|この記事(?:を書いた人|の(?:著者|執筆者))|記事を書いた人"
    r"|投稿者|文責|글쓴이|작성자|저자|필자|글"
)
_ARTICLE = r"(?:(?:le|la|il|el|der|die|dem|della|del|dell|the) (?=\S))?"
BYLINE = re.compile(
    rf"^(?:{_WROTE}|{_BY})\s*[:：]?\s+{_ARTICLE}(?P<who>\S.*)$"
    rf"|^(?:{_CJK_WROTE})\s*[:：/|｜]\s*(?P<cjk>\S.*)$"
    rf"|^(?:글쓴이|작성자|저자|필자|글)\s*[:：/|｜]?\s+(?P<korean>\S.*)$"
    # a label and a name that only the style sheet separates
    rf"|^(?:{_WROTE})(?P<glued>(?-i:[A-ZÀ-Þ]).*)$",
    re.IGNORECASE | re.DOTALL,
)
# A label at the start of an author's element, separated from the name only by the style sheet
GLUED_BY = re.compile(r"^(?:By|Von|Par|Por|投稿者)(?=[A-ZÀ-Þ]|\s)")
LABEL_WROTE = re.compile(rf"^(?:{_WROTE}|{_BY}|{_CJK_WROTE})\s*[:：/]?$", re.IGNORECASE)
LABEL_CARD = re.compile(
    r"^(?:(?:article |medically )?written by|(?:the |article )?author)\s*:?$", re.IGNORECASE
)
LABEL_ABOUT = re.compile(
    r"^(?:about (?:the|our) authors?|meet the author|über (?:den"
    r"|die) autor(?:in)?|sobre (?:el|la) autora?|à propos de l.auteure?)\s*:?$",
    re.IGNORECASE,
)
ABOUT = re.compile(r"^(?:about|über) (?P<who>\S+ \S.*)$", re.IGNORECASE)
REVIEW = re.compile(
    rf"(?:^|[|•·\n]|\s[-–—/]\s|\s(?=[^:]{{5,30}}:))\s*(?:{_REVIEWED})\s*[:：]?\s*"
    rf"{_ARTICLE}(?P<who>\S[^|•·\n]*)",
    re.IGNORECASE,
)
LABEL_REVIEWED = re.compile(rf"^(?:{_REVIEWED})\s*[:：]?$", re.IGNORECASE)
INNER_BY = re.compile(
    rf"(?:^|[/|•·\n,.]|\s[-–—]\s|\d)\s*(?:{_WROTE}|{_BY})\s*:?\s+{_ARTICLE}(?P<who>[^/|•·\n]+)"
    rf"|(?:^|\s|[|•·])(?:{_CJK_WROTE})\s*[:：]\s*(?P<cjk>[^|•·\n\s]+(?:\s\D{{2,6}}(?=$|\s))?)",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan"
    r"|feb"
    r"|mar"
    r"|mär"
    r"|apr"
    r"|may"
    r"|mai"
    r"|jun"
    r"|jul"
    r"|aug"
    r"|sep"
    r"|oct"
    r"|okt"
    r"|nov"
    r"|dec"
    r"|dez"
    r"|ene"
    r"|abr"
    r"|ago"
    r"|dic"
    r"|gen"
    r"|mag"
    r"|giu"
    r"|lug"
    r"|set"
    r"|ott"
    r"|mrt"
    r"|mei"
)
# What follows a name in a byline: it is cut off, with everything after it
_BEHIND = (
    # separators, a Chinese label with a date
    r"[|•·\n]", r"\s/\s", r",?\s?@\w", r"\s\S{1,12}[：:]\s?\d{4}",
    # the words before a date
    rf"\s[-–—]\s(?=\d|{_MONTHS})", r"\bon\s+(?=\w+\.?\s+\d|\d)", r",?\s(?:am|den|el|em|il|le|op)\s\d",
    # dates
    rf",?\s?\(?\b(?:{_MONTHS})[a-zé]*\.?\s\d", r"\d{1,2}[./]\d",
    rf"\b\d{{1,2}}\.?\s(?:de\s)?(?:{_MONTHS})", r"\b(?:19|20)\d\d\b",
    # an update, a review
    r"\b(?:last )?(?:updated|published|posted|reviewed|modified"
    r"|medically|aktualisiert|actualizado|mis à jour|fact[- ]checked)\b",
    rf"\s(?:{_REVIEWED})",
    # a category, a reading time, counts
    r"\bin\s[A-Z]", r"\d\s*(?:min|comment|view)",
)  # fmt: skip
DATED = re.compile(rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})[a-zé]*\.?\s\d", re.IGNORECASE)
TAIL = re.compile(rf"(?:{'|'.join(_BEHIND)}).*$", re.IGNORECASE | re.DOTALL)
