"""Recognise the page that a bot wall shows in place of the page that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["is_challenge"]

# Headers by which a wall itself says that it answers. Sources: Cloudflare docs, "Detect a challenge page
# response"; AWS WAF developer guide, "CAPTCHA and Challenge actions"; Vercel docs, "Attack Challenge Mode".
_HEADERS = (
    ("cf-mitigated", ("challenge",)),
    ("x-amzn-waf-action", ("challenge", "captcha")),
    ("x-vercel-mitigated", ("challenge", "deny")),
)
# What the walls' own pages hold, and pages behind the wall do not. Seen in the pages of Cloudflare, Imperva,
# Sucuri, DataDome, HUMAN (PerimeterX), Akamai, AWS WAF, DDoS-Guard, SiteGround, Anubis, Radware, Kasada.
_MARKS = re.compile(
    rb"_cf_chl_opt|cf-browser-verification|id=.challenge-(?:form|error-text|running)"
    rb"|Incapsula incident ID|sucuri_cloudproxy_js|Sucuri WebSite Firewall"
    rb"|captcha-delivery\.com/|id=.px-captcha|/_sec/cp_challenge/|sec-if-cpt-container"
    rb"|/\.well-known/ddos-guard/|/\.well-known/sgcaptcha/"
    rb"|id=.anubis_(?:challenge|version)|within\.website/x/cmd/anubis|validate\.perfdrive\.com",
    re.IGNORECASE,
)
# What the walls put into their own pages and into the pages behind them, too: it counts if there is no text.
_SCRIPTS = re.compile(
    rb"_Incapsula_Resource|_pxAppId|AwsWafIntegration|awsWafCookieDomainList", re.IGNORECASE
)
# Titles of such pages, also of smaller and home-made walls. A title alone decides only on a short page.
_TITLES = re.compile(
    r"just a moment|attention required!? *\| *cloudflare|checking (?:if the site|your browser)"
    r"|(?:verify|verifying|confirm|prove) (?:that )?you(?:'re|’re| are) (?:a )?(?:human|not a (?:ro)?bot)"
    r"|are you a (?:human|robot)|(?:making sure|ensuring) you(?:'re|’re| are) not a bot|human verification"
    r"|security check(?:point)?$|ddos protection|bot (?:verification|protection)|robot (?:check|challenge)"
    r"|un momento|einen moment|un instant\b|één moment|pardon our interruption",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_HEAD = 60_000  # bytes in which marks are looked for; pages of walls are shorter (chosen by hand)
_SKIPPED = ("script", "style", "noscript", "svg")
_VERY_FEW = 15  # words (chosen by hand)
_FEW = 120  # words; a page with more of them is no wall's (chosen by hand)


def is_challenge(body: bytes, header: Callable[[str], str]) -> bool:
    """Whether an answer is a bot wall's; `header` returns the value of a response header, "" if absent."""
    if any(header(name).lower().startswith(values) for name, values in _HEADERS):
        return True
    head = body[:_HEAD]
    title = _TITLE.search(head)
    named = title is not None and _TITLES.search(title[1].decode("utf-8", "replace").strip())
    if named or _MARKS.search(head):
        return _words(head) < _FEW
    return bool(_SCRIPTS.search(head)) and _words(head) < _VERY_FEW


def _words(markup: bytes) -> int:
    """Count the words of a page outside of tags, scripts and styles, in linear time."""
    count, skipped = 0, ""
    for piece in markup.split(b"<"):
        tag, closed, text = piece.partition(b">")
        name = tag[:9].lower()
        if skipped and name.startswith(b"/" + skipped.encode()):
            skipped = ""
        elif not skipped and closed:
            skipped = next((skip for skip in _SKIPPED if name.startswith(skip.encode())), "")
        if closed and not skipped:
            count += len(text.split())
    return count
