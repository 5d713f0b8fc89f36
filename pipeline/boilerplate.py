"""Phrases that identify a block as boilerplate: the text that surrounds an article on every site.

Each pattern has the name of its kind of boilerplate; `extract --explain` shows that name as the reason.
Phrases were collected from the default texts of WordPress core, Blogger, Disqus, Jetpack and Elementor, and
from clinic websites in English, German, French, Spanish, Italian, Portuguese and Dutch.
"""

from __future__ import annotations

import re

from .blocks import Block

__all__ = ["LONGEST", "NEVER_CONTENT", "boilerplate_kind", "ends_article", "starts_comments"]

LONGEST = 40  # words; a longer block is judged by its surroundings and not by a phrase in it; chosen by hand

# Phrases that end an article: nothing below them is the author's.
_ENDS = re.compile(
    r"(?:leave|post|add|write) a (?:reply|comment)\b"
    r"|leave a comment"
    r"|you must be (?:logged|signed) in to (?:post|leave)"
    r"|your email address will not be published"
    r"|\d+ (?:comments|responses|thoughts on|replies)\b"
    r"|comments? \(\d+\)$"
    r"|comments are closed"
    r"|kommentar (?:schreiben|hinterlassen)"
    r"|schreib(?:e|en sie)? einen kommentar"
    r"|laisser un commentaire"
    r"|deja (?:un|una) (?:comentario|respuesta)"
    r"|deixe (?:um|uma) (?:comentário|resposta)"
    r"|lascia un commento"
    r"|geef een (?:reactie|antwoord)"
    r"|debes iniciar sesión"
    r"|(?:you (?:may|might) also (?:like|enjoy)|related (?:posts"
    r"|articles|reading|stories|content)|más artículos|artículos relacionados"
    r"|recent posts"
    r"|similar posts"
    r"|read (?:this )?next"
    r"|up next"
    r"|what to read next"
    r"|keep reading"
    r"|more stories"
    r"|popular (?:posts|articles)"
    r"|latest (?:posts|articles|news)"
    r"|trending (?:now|posts)"
    r"|more (?:from|articles|posts)"
    r"|das könnte"
    r"|ähnliche beiträge"
    r"|articles? (?:similaires|liés))\b",
    re.IGNORECASE,
)
# Post details of WordPress's classic themes, which are longer than other phrases
_POSTED = re.compile(
    r"(?:this|the) (?:entry|post|article) was (?:posted|published|written)\b"
    r"|(?:dieser|der) (?:beitrag|eintrag) wurde (?:am|veröffentlicht|unter)\b"
    r"|ce(?:t article|tte entrée|t billet) (?:a été|est) (?:posté|publié|taggé)"
    r"|esta entrada (?:fue|ha sido) (?:publicada|escrita)"
    r"|(?:questo articolo|questa voce) è (?:stat[oa] )?(?:pubblicat[oa]|scritt[oa])"
    r"|(?:este|esta) (?:post|entrada|artigo) foi (?:publicad[oa]|escrit[oa])"
    r"|dit (?:bericht|artikel) (?:is|werd) geplaatst"
    r"|ten wpis został opublikowany|эта запись была (?:опубликована|размещена)|denna post postades"
    r"|dette indlæg blev udgivet|bu yazı .{0,60}(?:yayınlandı|kategorisinde)",
    re.IGNORECASE,
)
_RESPONSES = re.compile(
    r"\d+ (?:responses?|comments?|replies|thoughts|antworten|kommentare|réponses|commentaires|respuestas"
    r"|comentarios|comentários|risposte|commenti|reacties|komentarzy|комментари\w+|yorum|コメント|条评论)"
    r"\b.{0,8}(?:to|on|auf|zu|à|sur|a|en|em|op|do)?\s?[“\"«„”‘'].*"
    r"|\d+ (?:responses?|comments?) so far",
    re.IGNORECASE,
)
_COMMENT_LIST = re.compile(
    r"(?:^|\s)(?:comment-?list|comments-?list|commentlist|comments|comments-area|comment-thread|commentlist-\w+"
    r"|children|comment|comment-body|disqus_thread|post-comments|entry-comments)(?:\s|$)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:says?|said|wrote|sagt|schrieb|dit|a écrit|dice|dijo|escribió|diz|disse|ha scritto|zegt|schreef"
    r"|pisze|napisał\w*|говорит|пишет|diyor ki|skriver|reply|antworten|répondre|responder|rispondi)\s?:?$"
    r"|\bsays:",
    re.IGNORECASE,
)
_UP = 6  # boxes around a block in which a list of comments is looked for; chosen by hand
# kinds whose phrases no author writes in an article
NEVER_CONTENT = frozenset(("copyright", "cookie banner", "posted"))
_KINDS = (
    ("copyright", re.compile(r"©"
                             r"|^copyright\b"
                             r"|\bcopyright (?:\(c\) )?\d{4}"
                             r"|all rights reserved"
                             r"|alle rechte vorbehalten"
                             r"|tous droits réservés"
                             r"|todos los derechos", re.I)),
    ("share bar", re.compile(r"^(?:share|tweet|pin|print|email|compartir|teilen|partager)\b[\w\s:()!.]{0,40}$"
                             r"|^share (?:this|on|via)"
                             r"|click to share"
                             r"|facebook\s*(?:twitter|x|linkedin|pinterest)", re.I)),
    ("office hours", re.compile(r"\b(?:office|opening|business|clinic|practice) hours\b"
                                r"|^hours(?: of operation)?:?$"
                                r"|\bhorario\b.{0,20}$"
                                r"|öffnungszeiten"
                                r"|^(?:mon|tues|wednes|thurs|fri|satur|sun)day\b\W*"
                                r"(?:to|-|–|through|closed|\d|by app|$)"
                                r"|^(?:mon|tue|wed|thu|fri|sat|sun)\b\W*(?:[-–]\W*(?:mon"
                                r"|tue|wed|thu|fri|sat|sun)\b)?\W*(?:\d|closed)"
                                r"|\d\s*(?:am|pm|a\.m\.|p\.m\.)\s*(?:-|–|to)\s*\d", re.I)),
    ("newsletter", re.compile(r"^(?:subscribe|sign up|join)\b.{0,60}(?:newsletter|mailing list"
                              r"|updates|blog|email)"
                              r"|newsletter$"
                              r"|enter your email", re.I)),
    ("cookie banner", re.compile(r"\b(?:we|this (?:web)?site) uses? cookies"
                                 r"|accept (?:all )?cookies"
                                 r"|cookie (?:policy|settings|preferences)", re.I)),
    ("navigation", re.compile(r"^(?:skip to|scroll to top|back to (?:top|blog)|read more"
                              r"|continue reading|learn more|view all|see all|click here"
                              r"|next|previous|"
                              r"prev"
                              r"|home"
                              r"|menu"
                              r"|search"
                              r"|close"
                              r"|table of contents"
                              r"|older posts"
                              r"|newer posts"
                              r"|←"
                              r"|→"
                              r"|«"
                              r"|»"
                              r"|\u203a"
                              r"|\u2039)\b.{0,50}$|^[←«‹].{0,60}$|^.{0,60}[→»›]$", re.I)),
    ("post details", re.compile(r"^(?:publicado|veröffentlicht|publié|pubblicato|gepubliceerd"
                                r"|geplaatst"
                                r"|opublikowano"
                                r"|actualizado"
                                r"|aktualisiert"
                                r"|mis à jour)\b.{0,50}\d{4}\W*$"
                              r"|^(?:temas|etiquetas|categorías|categorias|marcadores"
                              r"|assuntos|themen|schlag(?:wort|worte|wörter)|kategorien?"
                              r"|th[eè]mes|étiquettes?|catégories?"
                              r"|mots[- ]clés"
                              r"|argomenti"
                              r"|etichette"
                              r"|categorie"
                              r"|onderwerpen"
                              r"|trefwoorden"
                              r"|categorieën)\s*:.{0,120}$"
                              r"|^(?:posted|filed|published|tagged|categor(?:y|ies)"
                              r"|tags?|updated|last (?:updated|modified))\b\s*(?:in"
                              r"|on|under|by|:|as).{0,120}$"
                                r"|^\d+\s*min(?:ute)?s?\.? read$|^\d+ (?:views|likes|shares)$"
                                r"|^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)?(?:day)?,? ?(?:jan"
                                r"|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st"
                                r"|nd|rd|th)?,? \d{4}\W*$"
                                r"|^\d{1,2}(?:[./-]| de )(?:\d{1,2}|\w{3,10})(?:[./-]| de )\d{4}$", re.I)),
    ("booking call", re.compile(r"^(?:book|schedule|request|make|call)\b.{0,40}(?:appointment"
                                r"|consultation|now|today|online|visit)!?\.?$"
                                r"|^contact us(?: today)?!?$", re.I)),
    ("address", re.compile(r"^\+?\(?\d{2,4}\)?[\s.-]\d{2,4}[\s.-]\d{3,4}$"
                           r"|^\d+\s[\w\s.#,]+\b(?:street|st|avenue|ave|road|rd"
                           r"|suite|blvd|boulevard|drive|dr)\b[\s\S]{0,60}\d{5}", re.I)),
)  # fmt: skip


def starts_comments(block: Block) -> bool:
    """Whether a block heads the comments: "26 Responses to “…”", or the first entry of a list of comments."""
    if block.words > LONGEST // 2:
        return False
    heads = bool(_RESPONSES.match(block.text))
    box = block.box
    for _ in range(_UP):
        if box is None:
            break
        if box.tag in ("ol", "ul", "div", "section") and _COMMENT_LIST.search(box.names):
            return heads or bool(_SAYS.search(block.text))
        box = box.parent
    return heads


def ends_article(text: str, words: int) -> bool:
    """Whether a short block shows that nothing below it is the author's (comment prompt, related posts)."""
    return words <= LONGEST // 2 and bool(_ENDS.match(text))


def boilerplate_kind(text: str, words: int) -> str | None:
    """Return the kind of boilerplate of a short block; None if it is longer or no phrase matches."""
    if words > LONGEST:
        return "posted" if words <= 2 * LONGEST and _POSTED.match(text) else None
    if _POSTED.match(text):
        return "posted"
    return next((name for name, pattern in _KINDS if pattern.search(text)), None)
