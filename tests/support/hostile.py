"""What hostile pages write into titles, names and URLs, and whether any of it is active in a page."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "` onload=`alert(1)`",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext></p><img src=x onerror=alert(1)></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u2028alert(1)\u2029",
    "\u202e<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ufeff<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<<script>alert(1)//<</script>",
    "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
]

_OURS = {"/clinicdex-search.js"}
_OUR_FACETS: tuple[list[tuple[str, str]], ...] = ([], [("class", "facets")])  # attributes of <details>
_LIVING = {"script", "iframe", "object", "embed", "base", "svg", "math", "video", "style", "img", "details"}


class _Looking(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if (
            tag in _LIVING
            and attributes.get("src") not in _OURS
            and not (tag == "details" and attrs in _OUR_FACETS)
        ):
            self.found.append(self.get_starttag_text() or tag)
        if tag == "meta" and "http-equiv" in attributes:
            self.found.append("meta refresh")
        self.found += [
            f"{tag} {name}" for name in attributes if name.startswith("on") or name in ("style", "srcdoc")
        ]
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            target = "".join((attributes.get(name) or "/").split()).lower()
            if not target.startswith(
                ("/", "https://one.example/", "https://clinic.example/")
            ) or target.startswith("//"):
                self.found.append(f"{tag} {name}={attributes[name]}")


def live(page: str) -> list[str]:
    """Return everything foreign in a page that a browser would run, load or follow."""
    looking = _Looking()
    looking.feed(page)
    looking.close()
    return looking.found
