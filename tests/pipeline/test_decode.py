"""Characters are decoded correctly, whatever encoding the page claims."""

from __future__ import annotations

import pytest
from clinicdex.pipeline.decode import decode

SENTENCES = {
    "de": "Rückenschmerzen bessern sich oft durch tägliche Übungen. Ärzte empfehlen größere "
    "Spaziergänge für alle.",
    "fr": "Le mal de dos s’améliore souvent grâce à des exercices légers. Les médecins "
    "conseillent « trente minutes » à pied, déjà.",
    "pl": "Ból pleców często ustępuje dzięki codziennym ćwiczeniom. Lekarze zalecają "
    "trzydzieści minut spaceru. Źródło: łódź",
    "ru": "Боль в спине часто проходит при ежедневных лёгких упражнениях. Врачи советуют "
    "гулять по тридцать минут.",
    "el": "Ο πόνος στην πλάτη συχνά βελτιώνεται με καθημερινή ελαφριά άσκηση. Οι γιατροί "
    "συνιστούν περπάτημα.",
    "zh": "他们说这个国家的人民在过去的一年里非常努力地工作，"
    "医生建议每天散步三十分钟，这样可以减轻背部疼痛。",
    "tw": "他們說這個國家的人民在過去的一年裡非常努力地工作，"
    "醫生建議每天散步三十分鐘，這樣可以減輕背部疼痛。",
    "ja": "腰痛の多くは、毎日の軽い運動で改善します。医師は三十分の散歩をすすめています。",
    "ko": "허리 통증은 매일 가벼운 운동으로 좋아질 수 있습니다. 의사는 삼십 분 산책을 권합니다.",
    "th": "อาการปวดหลังมักดีขึ้นด้วยการออกกำลังกายเบาๆ ทุกวัน แพทย์แนะนำให้เดินวันละสามสิบนาที",
    "he": "כאבי גב משתפרים לעתים קרובות בעזרת פעילות גופנית קלה מדי יום. רופאים ממליצים על הליכה.",
    "ar": "غالبا ما تتحسن آلام الظهر مع التمارين الخفيفة اليومية. ينصح الأطباء بالمشي.",
}


@pytest.mark.parametrize(
    ("language", "encoding", "claimed"),
    [
        ("de", "cp1252", "utf-8"), ("fr", "cp1252", "utf-8"), ("zh", "gb2312", "utf-8"),
        ("zh", "utf-16-le", None), ("zh", "utf-16-be", "utf-8"), ("ja", "shift_jis", "utf-8"),
        ("ja", "shift_jis", "shift_jis"), ("ja", "iso2022_jp", "iso-2022-jp"), ("ko", "euc_kr", "utf-8"),
        ("ko", "cp949", None), ("tw", "big5", "utf-8"), ("tw", "big5", None), ("ru", "cp1251", "utf-8"),
        ("ru", "koi8_r", None), ("ru", "cp1251", "iso-8859-1"), ("el", "iso8859_7", "utf-8"),
        ("pl", "iso8859_2", "utf-8"), ("pl", "cp1250", "iso-8859-1"), ("th", "cp874", None),
        ("he", "cp1255", None), ("ar", "cp1256", "utf-8"), ("de", "utf-8", "iso-8859-1"),
        ("zh", "gb18030", "iso-8859-1"), ("de", "utf-16-le", "iso-8859-1"), ("ru", "utf-8", "windows-1251"),
    ],
)  # fmt: skip
def test_a_page_is_read_whatever_it_claims(language: str, encoding: str, claimed: str | None) -> None:
    sentence = SENTENCES[language].encode(encoding, "ignore").decode(encoding)
    meta = f'<meta charset="{claimed}">' if claimed else ""
    markup = (
        f"<html><head>{meta}<title>x</title></head><body>{f'<p class=entry>{sentence}</p>' * 4}</body></html>"
    )

    assert sentence in decode(markup.encode(encoding, "ignore"))


def test_a_few_broken_bytes_do_not_turn_utf_8_into_something_else() -> None:
    body = f'<meta charset="iso-8859-2"><p>{SENTENCES["pl"] * 4}</p>'.encode() + b"\xe9\xff</body>"

    assert SENTENCES["pl"] in decode(body, "iso-8859-2")


@pytest.mark.parametrize(("language", "encoding"), [("de", "utf-8"), ("zh", "gb18030")])
def test_a_page_that_was_misread_before_it_was_saved_is_read_once_more(language: str, encoding: str) -> None:
    raw = f"<p>{SENTENCES[language] * 6}</p>".encode(encoding)
    misread = "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in raw
    )

    assert SENTENCES[language] in decode(misread.encode())


def test_text_that_is_right_is_left_alone() -> None:
    for sentence in SENTENCES.values():
        assert sentence * 3 == decode((sentence * 3).encode())
