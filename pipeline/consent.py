"""Layers that ask for consent to cookies, whatever their class names: a box with such buttons and words.

The words on buttons and in headings were collected from the consent managers Cookiebot, OneTrust,
Usercentrics, Didomi, Complianz, Borlabs, Klaro and CookieYes in their languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Block, Segments, boxes_around
from .buttons import around, is_button

__all__ = ["layers"]

# The limits below are chosen by hand.
_FEWEST_BUTTONS = 2  # of a layer, of which one accepts
_MOST_SHARE = 0.7  # of the page's words that a layer may hold
# How the text of a button begins that accepts
_ACCEPTING = r"""
(?:i |yes,? i )?(?:accept|agree|allow|consent)\b|got it|ok(?:ay)?\b|enable all
(?:alle[ns]? |alles )?(?:akzeptier|zustimm|zulassen|erlauben|annehmen)|einverstanden
alle (?:cookies )?(?:akzeptieren|zulassen)|(?:tout |j.)?accept|autoriser|acept|permit|accett|acconsent
aceit|concord|(?:alle[s]? )?(?:accepter|toestaan)|akkoord|akcept|zaakcept|zgadzam|przyjm|přij|souhlas
povol|prijať|súhlas|прин(?:ять|имаю)|соглас|разреш|прийня|погодж|дозвол|kabul|onayl|izin ver|godkänn
acceptera|tillåt|godta|godkend|tillad|hyväksy|salli|elfogad|acceptă|accept|приемам|αποδοχή|αποδέχομαι
συμφωνώ|אישור|מאשר|אני מסכימ?|قبول|موافق|أوافق|پذیرش|同意|接受|允许|允許|すべて許可|許可|承諾
동의|수락|모두 허용|chấp nhận
đồng ý|ยอมรับ
"""
# Words of the layer's own text
_SUBJECT = """
cookie|consent|gdpr|dsgvo|rgpd|privacy|privatsphäre|datenschutz|einwilligung|confidentialité|vie privée
privacidad|privacidade|riservatezza|protección de datos|prywatno|soukrom|súkrom|конфиденц|приватн|куки
çerez|gizlilik|integritet|kakor|informasjonskapsl|personvern|privatliv|evästee|sütik|adatvéd
confidenţial|confidențial|απόρρητο|עוגיות|פרטיות
ملفات تعريف الارتباط|خصوصية|کوکی|隐私|隱私|クッキー|プライバシー|쿠키
개인정보|quyền riêng tư|คุกกี้
"""
_ACCEPT = re.compile(rf"^\W*(?:{'|'.join(_ACCEPTING.strip().splitlines())})", re.IGNORECASE)
_ABOUT = re.compile("|".join(_SUBJECT.strip().splitlines()), re.IGNORECASE)


def layers(segments: Segments) -> frozenset[int]:
    """Return the positions of the blocks of a page that stand in layers which ask for consent."""
    blocks = segments.blocks
    buttons = [p for p, block in enumerate(blocks) if is_button(block)]
    found: set[int] = set()
    for position in buttons:
        if position not in found and _ACCEPT.match(blocks[position].text):
            found |= _layer(blocks, position, buttons)
    return frozenset(found)


def _layer(blocks: Sequence[Block], position: int, buttons: Sequence[int]) -> set[int]:
    """Return the positions of the smallest box around a button with text; none if it is not about consent."""
    for box in boxes_around(blocks[position]):
        if box.tag in ("body", "html", "main", "article"):
            break
        inside = around(blocks, box, position)
        others = [p for p in inside if p not in buttons]
        if not others:
            continue
        text = " ".join((*(blocks[p].text for p in others), box.element.get("aria-label", "")))
        is_alone = any(blocks[p].tag == "h1" for p in others)
        words = sum(blocks[p].words for p in inside)
        is_layer = (
            sum(p in inside for p in buttons) >= _FEWEST_BUTTONS
            and _ABOUT.search(text)
            and not is_alone
            and words <= _MOST_SHARE * sum(block.words for block in blocks)
        )
        return set(inside) if is_layer else set()
    return set()
