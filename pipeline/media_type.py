"""What bytes are, whatever their label says: PDF, office files, images, sound, fonts, archives, programs."""

from __future__ import annotations

__all__ = ["sniff"]

# First bytes of a file -> what it is. Source: the tables of the WHATWG MIME Sniffing standard (image, audio
# or video, font, archive, and the scriptable types), and for office files and programs the formats' own
# specifications ([MS-CFB] 2.2, PKWARE APPNOTE 4.3.7, ELF, PE, RTF 1.9.1).
_SIGNATURES = (
    (b"%!PS-Adobe-", "PostScript"), (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"PK\x03\x04", "an office document or an archive"), (b"PK\x05\x06", "an archive"),
    (b"\x89PNG\r\n\x1a\n", "an image"), (b"GIF87a", "an image"), (b"GIF89a", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"\x00\x00\x01\x00", "an image"), (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"), (b"8BPS", "an image"),
    (b"\x1f\x8b\x08", "an archive"), (b"Rar!\x1a\x07", "an archive"), (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"BZh", "an archive"), (b"\xfd7zXZ\x00", "an archive"),
    (b"ID3", "sound"), (b"OggS\x00", "sound"), (b"fLaC", "sound"), (b"MThd\x00\x00\x00\x06", "sound"),
    (b"\x1aE\xdf\xa3", "a video"), (b"\x00\x00\x01\xba", "a video"), (b"FLV\x01", "a video"),
    (b"wOFF", "a font"), (b"wOF2", "a font"), (b"OTTO\x00", "a font"), (b"\x00\x01\x00\x00\x00", "a font"),
    (b"\x7fELF", "a program"), (b"MZ\x90\x00", "a program"), (b"\xca\xfe\xba\xbe", "a program"),
    (b"SQLite format 3\x00", "a database"),
)  # fmt: skip
# Formats whose name stands behind a length: (where it stands, the name, what it is)
_BEHIND = (
    (8, b"WEBP", "an image"), (8, b"WAVE", "sound"), (8, b"AVI ", "a video"),
    (4, b"ftyp", "a video or an image"),
)  # fmt: skip
_PDF = b"%PDF-"
_PDF_WITHIN = (
    1_024  # bytes: readers accept what stands before the header (PDF Reference 1.7, appendix H, note 13)
)


def sniff(body: bytes) -> str | None:
    """Return what the bytes are if they are certainly no page and no text, such as "PDF"; else None."""
    head = body[:_PDF_WITHIN]
    start = head.find(_PDF)
    if start == 0 or (start > 0 and b"<" not in head[:start]):
        return "PDF"
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return next((name for at, mark, name in _BEHIND if head[at : at + len(mark)] == mark), None)
