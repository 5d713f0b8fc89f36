"""Boxes that call on the reader to book, to sign up or to log in, whatever their class names.

Such a box is small and ends in a button, or in a link that stands alone, which says so; a box with a field
for an e-mail address signs up whatever its words are. The words were collected by hand from the booking
buttons of clinics and the sign-up forms of newsletters, magazines and members' areas in the languages of the
list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .blocks import Block, Box, Inside, Segments, boxes_around
from .buttons import around, is_button

__all__ = ["call_boxes"]

# The limits below are chosen by hand.
_MOST = 60  # words of such a box
_LONGEST = 30  # words of a block in it; a longer one is a paragraph of the author's
_PROSE = 12  # words from which a block is a paragraph
_ALIKE = 2  # boxes of the same shape with paragraphs from which a box is a section of the text
_ADDRESS_FIELD = re.compile(r"e-?mail|correo|courriel", re.IGNORECASE)  # names of fields
_LEAVES = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "button"))
_FRAME = Inside.NAV | Inside.FOOTER  # nothing in it is ever main content
_TEXTS = frozenset(("body", "html", "main", "article"))  # boxes of the whole text
_BOOKING_TARGET = re.compile(r"https?://(?:wa\.me|api\.whatsapp\.|calendly\.|(?:www\.)?doctolib\.)")
_BOOKING = re.compile(
    r"\b(?:book|schedule|request|reserve|make|arrange)\b.{0,24}\b(?:appointment|visit|consult\w*|call|session"
    r"|assessment|evaluation|exam|table|online|now|today)|^book (?:now|online|here)|\bto "
    r"(?:schedule|book)\b|\b(?:get in touch|contact us"
    r"|call us|call (?:now|today)|talk to us|reach out)\b"
    r"|\btermin(?:e|s|anfrage)?\b|\bbuchen\b|kontakt(?:ieren)?\b.{0,12}$|rufen sie|jetzt anrufen"
    r"|rendez-vous|\bréserve[rz]|contactez|appelez"
    r"|\b(?:tu|su|mi|una?) cita\b|\bcita (?:previa|ahora|online)|\bcitas\b|\breserv[ae]\b"
    r"|contáctenos|llámenos"
    r"|agend[ae]|marc(?:ar|que).{0,14}(?:consulta|avaliação)|fal[ea] co[mn]|ligue|whatsapp"
    r"|\bappuntamento\b|\bprenota\w*|contattaci|chiamaci"
    r"|\bafspraak\b|neem contact|bel ons"
    r"|umów|\bwizyt[ęy]\b|zadzwoń|skontaktuj|objedn\w+|kontaktujte|zavolejte"
    r"|randevu|bize ulaşın|hemen ara"
    r"|запис(?:ать|ывай|и)\w*|позвони\w*|зателефон\w*|связаться|зв.?язатися"
    r"|\bboka\b|\bbestil\w*|kontakt oss|\bvaraa\b|időpont\w*|programare|programează|ραντεβού|επικοινωνήστε"
    r"|קבע.{0,3} תור|לקביעת|צרו קשר|احجز|موعد|اتصل|نوبت|予約|お問い合わせ|预约|預約|联系我们|예약"
    r"|문의|đặt (?:lịch|hẹn)"
    r"|นัดหมาย|ติดต่อ",
    re.IGNORECASE,
)
_SIGN_UP = re.compile(
    r"\b(?:sign (?:me )?up|subscribe|log ?in|sign in|join (?:now|us|free)|create (?:an? )?(?:free )?account"
    r"|start (?:your )?(?:free )?trial|become a member)\b"
    r"|^register\b|abonnieren|anmelden|einloggen|registrieren|mitglied werden"
    r"|abonne|s.inscrire|inscri\w+|se connecter|créer un compte"
    r"|suscríb\w+|suscribir\w*|reg[ií]str\w+|crear (?:una )?cuenta|iniciar sesión|acceder"
    r"|assin(?:e|ar)|inscrev\w+|cadastr\w+|criar conta|iscriviti|abbonati|accedi|registrati"
    r"|inschrijven|abonneer|aanmelden|inloggen|zapisz się|zaloguj|zarejestruj|subskrybuj|přihlásit|odebírat"
    r"|prihlásiť|kaydol|üye ol|giriş yap|abone ol|подпис\w+|войти|зарегистр\w+|підпис\w+|увійти"
    r"|prenumerera|logga in|abonner|logg inn|tilaa|kirjaudu|feliratkoz\w+|bejelentkez\w+|abonează|autentific"
    r"|εγγραφ\w+|σύνδεση|הירשמו|הרשמה|התחבר|اشترك|سجل الآن|تسجيل|登録|ログイン|订阅|訂閱|登录|注册"
    r"|구독|로그인|회원가입"
    r"|đăng (?:ký|nhập)|สมัคร|เข้าสู่ระบบ",
    re.IGNORECASE,
)


def call_boxes(segments: Segments) -> dict[int, str]:
    """Return the blocks of a page that stand in such boxes: position -> "booking call" or "sign-up"."""
    blocks = segments.blocks
    found: dict[int, str] = {}
    shapes: Counter[tuple[str, str, str]] | None = None
    for position, block in enumerate(blocks):
        if block.inside & _FRAME or position in found or block.is_heading or not is_button(block):
            continue
        kind = _called(block)
        if kind is None and not block.inside & Inside.BUTTON:
            continue
        shapes = _shapes(blocks) if shapes is None else shapes
        box, inside = _box(blocks, position, shapes)
        if kind is None and box is not None and _asks_for_address(box):
            kind = "sign-up"
        if kind:
            found |= dict.fromkeys(inside, kind)
    return found


def _called(block: Block) -> str | None:
    """Return what a button calls for; None if its words call for neither."""
    if _SIGN_UP.search(block.text):
        return "sign-up"
    links = (piece[0] for piece in block.pieces if not isinstance(piece, str) and piece[0].tag == "a")
    books = any(_BOOKING_TARGET.match(link.get("href") or "") for link in links)
    return "booking call" if books or _BOOKING.search(block.text) else None


def _asks_for_address(box: Box) -> bool:
    return any(
        field.get("type") == "email" or _ADDRESS_FIELD.search(field.get("name") or "")
        for field in box.element.iter("input")
    )


def _shapes(blocks: Sequence[Block]) -> Counter[tuple[str, str, str]]:
    """Count for each shape the boxes that hold a paragraph."""
    boxes: dict[int, Box] = {}
    for block in blocks:
        if block.words >= _PROSE:
            boxes |= {box.number: box for box in boxes_around(block)}
    return Counter(box.shape for box in boxes.values())


def _box(
    blocks: Sequence[Block], position: int, shapes: Counter[tuple[str, str, str]]
) -> tuple[Box | None, Sequence[int]]:
    """Return the widest small box around a button that is no part of the text, and what stands in it.

    The button alone if there is no such box, and nothing if it is an entry of a list.
    """
    widest: Box | None = None
    held: Sequence[int] = [position]
    for box in boxes_around(blocks[position]):
        if box.tag == "li":
            return None, ()
        if box.tag in _LEAVES:
            continue
        inside = around(blocks, box, position)
        if box.tag in _TEXTS or shapes[box.shape] - _prose_in(blocks, inside) >= _ALIKE:
            break
        if not all(_fits(blocks[other]) for other in inside) or _words(blocks, inside) > _MOST:
            break
        widest, held = box, inside
    return widest, held


def _prose_in(blocks: Sequence[Block], inside: Sequence[int]) -> bool:
    return any(blocks[position].words >= _PROSE for position in inside)


def _fits(block: Block) -> bool:
    return block.tag != "h1" and block.words <= _LONGEST and not block.inside & Inside.TABLE


def _words(blocks: Sequence[Block], inside: Sequence[int]) -> int:
    return sum(blocks[position].words for position in inside)
