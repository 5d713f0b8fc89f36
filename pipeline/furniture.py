"""Words that mark a block as a page's furniture: what stands around an article on every site.

Each pattern names a kind of furniture; the name is the reason that `extract --explain` shows.
Phrases were collected from the default texts of WordPress core, Blogger, Disqus, Jetpack, Elementor and from
clinic websites in English, German, French, Spanish, Italian, Portuguese and Dutch.
"""

from __future__ import annotations

import re

__all__ = ["LONGEST", "ends_article", "furniture"]

LONGEST = 40  # words; a longer block is judged by its surroundings, not by a phrase in it

# These end an article: nothing below them is the author's.
_ENDS = re.compile(
    r"(?:leave|post|add|write) a (?:reply|comment)\b|leave a comment|you must be (?:logged|signed) in to (?:post|leave)"
    r"|your email address will not be published|\d+ (?:comments|responses|thoughts on|replies)\b|comments? \(\d+\)$|comments are closed"
    r"|kommentar (?:schreiben|hinterlassen)|schreib(?:e|en sie)? einen kommentar|laisser un commentaire|deja (?:un|una) (?:comentario|respuesta)"
    r"|deixe (?:um|uma) (?:comentário|resposta)|lascia un commento|geef een (?:reactie|antwoord)|debes iniciar sesión"
    r"|(?:you (?:may|might) also (?:like|enjoy)|related (?:posts|articles|reading|stories|content)|más artículos|artículos relacionados"
    r"|recent posts|similar posts|read (?:this )?next|up next|what to read next|keep reading|more stories|popular (?:posts|articles)|latest (?:posts|articles|news)|trending (?:now|posts)|more (?:from|articles|posts)|das könnte|ähnliche beiträge|articles? (?:similaires|liés))\b",
    re.IGNORECASE,
)
_KINDS = (
    ("copyright", re.compile(r"©|^copyright\b|\bcopyright (?:\(c\) )?\d{4}|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos", re.I)),
    ("share bar", re.compile(r"^(?:share|tweet|pin|print|email|compartir|teilen|partager)\b[\w\s:()!.]{0,40}$"
                             r"|^share (?:this|on|via)|click to share|facebook\s*(?:twitter|x|linkedin|pinterest)", re.I)),
    ("office hours", re.compile(r"\b(?:office|opening|business|clinic|practice) hours\b|^hours(?: of operation)?:?$|\bhorario\b.{0,20}$|öffnungszeiten"
                                r"|^(?:mon|tues|wednes|thurs|fri|satur|sun)day\b\W*(?:to|-|–|through|closed|\d|by app|$)"
                                r"|^(?:mon|tue|wed|thu|fri|sat|sun)\b\W*(?:[-–]\W*(?:mon|tue|wed|thu|fri|sat|sun)\b)?\W*(?:\d|closed)"
                                r"|\d\s*(?:am|pm|a\.m\.|p\.m\.)\s*(?:-|–|to)\s*\d", re.I)),
    ("newsletter", re.compile(r"^(?:subscribe|sign up|join)\b.{0,60}(?:newsletter|mailing list|updates|blog|email)|newsletter$|enter your email", re.I)),
    ("cookie banner", re.compile(r"\b(?:we|this (?:web)?site) uses? cookies|accept (?:all )?cookies|cookie (?:policy|settings|preferences)", re.I)),
    ("navigation", re.compile(r"^(?:skip to|scroll to top|back to (?:top|blog)|read more|continue reading|learn more|view all|see all|click here|next|previous|"
                              r"prev|home|menu|search|close|table of contents|older posts|newer posts|←|→|«|»|\u203a|\u2039)\b.{0,50}$|^[←«‹].{0,60}$|^.{0,60}[→»›]$", re.I)),
    ("post details", re.compile(r"^(?:publicado|veröffentlicht|publié|pubblicato|gepubliceerd|geplaatst|opublikowano|actualizado|aktualisiert|mis à jour)\b.{0,50}\d{4}\W*$"
                              r"|^(?:temas|etiquetas|categorías|categorias|marcadores|assuntos|themen|schlag(?:wort|worte|wörter)|kategorien?|th[eè]mes|étiquettes?|catégories?"
                              r"|mots[- ]clés|argomenti|etichette|categorie|onderwerpen|trefwoorden|categorieën)\s*:.{0,120}$"
                              r"|^(?:posted|filed|published|tagged|categor(?:y|ies)|tags?|updated|last (?:updated|modified))\b\s*(?:in|on|under|by|:|as).{0,120}$"
                                r"|^\d+\s*min(?:ute)?s?\.? read$|^\d+ (?:views|likes|shares)$"
                                r"|^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)?(?:day)?,? ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}\W*$"
                                r"|^\d{1,2}(?:[./-]| de )(?:\d{1,2}|\w{3,10})(?:[./-]| de )\d{4}$", re.I)),
    ("booking call", re.compile(r"^(?:book|schedule|request|make|call)\b.{0,40}(?:appointment|consultation|now|today|online|visit)!?\.?$|^contact us(?: today)?!?$", re.I)),
    ("address", re.compile(r"^\+?\(?\d{2,4}\)?[\s.-]\d{2,4}[\s.-]\d{3,4}$|^\d+\s[\w\s.#,]+\b(?:street|st|avenue|ave|road|rd|suite|blvd|boulevard|drive|dr)\b[\s\S]{0,60}\d{5}", re.I)),
)  # fmt: skip


def ends_article(text: str, words: int) -> bool:
    """Tell whether a short block says that what follows is not the author's (comment prompts, related posts)."""
    return words <= LONGEST // 2 and bool(_ENDS.match(text))


def furniture(text: str, words: int) -> str | None:
    """Name the kind of furniture a short block is; None if no phrase gives it away."""
    if words > LONGEST:
        return None
    return next((name for name, pattern in _KINDS if pattern.search(text)), None)
