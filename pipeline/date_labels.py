"""What a page calls a date: published, updated, reviewed, due for the next review, or something else.

The words are those with which the languages' own sites label dates: WordPress's, Drupal's and Ghost's
translations of "Published", "Updated" and "Reviewed", and the health pages of NHS, MedlinePlus, Ameli, Gesund
and their like. Each stands for itself and for every word that begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .months import folded

__all__ = [
    "DUE",
    "OTHER",
    "PUBLISHED",
    "REVIEWED",
    "UPDATED",
    "ends_of",
    "kinds_after",
    "kinds_before",
    "kinds_in",
    "only_label",
]

PUBLISHED, UPDATED, REVIEWED, DUE, OTHER = "published", "updated", "reviewed", "due", "other"

# kind -> words by language; the more specific kinds come first, "next review" before "review"
_WORDS: tuple[tuple[str, str], ...] = (
    (DUE, "next review|review due|due for review|review again|next medical review|to be reviewed|valid until"
          "|nächste überprüfung|nächste prüfung|nächste revision|nächste aktualisierung"
          "|próxima revisión|próxima actualización|prochaine révision|prochaine relecture"
        "|prochaine mise à jour"
          "|próxima revisão|próxima atualização|prossima revisione|prossimo aggiornamento"
          "|volgende herziening|volgende controle|następny przegląd|następna weryfikacja"
        "|następna aktualizacja"
          "|příští revize|příští kontrola|další revize|ďalšia revízia|следующая проверка|следующий пересмотр"
          "|следующее обновление|наступна перевірка|наступний перегляд|nästa granskning|nästa uppdatering"
          "|næste gennemgang|næste revision|neste gjennomgang|neste revisjon|seuraava tarkistus"
          "|sonraki inceleme|sonraki gözden geçirme|următoarea revizuire|következő felülvizsgálat"
          "|επόμενη αναθεώρηση|הבדיקה הבאה|העדכון הבא|المراجعة القادمة|المراجعة التالية"
          "|下次审核|下次审阅|下次審閱|下次覆核|次回見直し|次回更新|次回確認|다음 검토|đánh giá tiếp theo"),
    (OTHER, "received|accepted|accessed|retrieved|cited|born|joined|join date|member since|expires|event"
        "|webinar"
            "|copyright|since|founded|established|est|eingegangen|angenommen|abgerufen|geboren|termin|seit"
            "|gegründet|recibido|aceptado|consultado|nacid|desde|reçu|accepté|consulté|depuis|née? le"
            "|recebido|aceito|acesso em|ricevuto|accettato|consultato|dal|ontvangen|geaccepteerd|geraadpleegd"
            "|sinds|otrzymano|przyjęto|dostęp|przyjato|od roku|přijato|citováno|получено|принято"
            "|дата обращения|отримано|дата звернення|kabul|erişim|hämtad|hentet|点击|浏览|收稿|接受"
            "|受付|受理|閲覧|접수|채택"),
    (REVIEWED, "reviewed|review date|medical review|fact[- ]checked|medically checked|clinically checked"
               "|approved by|approved on|geprüft|überprüft|begutachtet|gegengelesen|fachlich kontrolliert"
               "|revisad|revisión|verificad|relu|relecture|révisé|vérifié|validé|revisto|revista por|revisão"
               "|revisionat|revisione|rivist|verificat|gecontroleerd|beoordeeld|herzien|nagekeken"
               "|zweryfikowan|weryfikacj|recenzj|zrecenzowan|sprawdzon|zkontrolov|ověřen|odborná kontrola"
               "|odborně|recenz|skontrolovan|overen|revíz|проверен|проверил|рецензент|проверка|рецензирован"
               "|перевірен|перевірив|перевірила|рецензован|inceleyen|incelen|gözden geçir|kontrol ed"
               "|tıbbi onay|revizuit|ellenőr|lektorál|felülvizsgál|granskad|granskat|faktagranskad"
               "|faktakontrol|gennemgået|fagligt|kvalitetssikret|gjennomgått|kontrollert|tarkastettu"
               "|tarkistettu|ελέγχ|αναθεωρ|ιατρικός έλεγχος|נבדק|נסקר|ביקורת רפואית|مراجع|راجع|روجع|بازبینی"
               "|审核|審核|审阅|審閱|审校|審校|監修|校閲|査読|감수|검토|kiểm duyệt|tham vấn|ditinjau"
               "|yoxlan|rəyçi|проверено|pregledan|recenziran|pärskatīt|peržiūrėt"),
    (UPDATED, "updated|modified|revised|edited|amended|last change|last update|as of|aktualisiert"
              "|aktualisierung|geändert|überarbeitet|bearbeitet|stand|actualizad|actualización|modificad"
              "|última actualización|mis à jour|mise à jour|màj|maj|modifié|actualisé|atualizad|atualização"
              "|atualizado|aggiornat|aggiornamento|modificat|ultima modifica|bijgewerkt|gewijzigd|aangepast"
              "|laatste update|zaktualizowan|aktualizacj|zmodyfikowan|aktualiz|upraven|обновлен|обновление"
              "|обновлено|изменен|редакция|актуализирован|оновлен|змінен|güncelle|son güncelleme|düzenlen"
              "|actualizat|frissít|módosít|uppdaterad|uppdaterat|senast ändrad|ändrad|opdatere|ændret"
              "|senest rettet|oppdatert|endret|päivitetty|muokattu|ενημερ|τροποποι|עודכן|עדכון|תיקון|تحديث"
              "|محدث|تم التعديل|به‌روز|بروزرسانی|به روز|更新|修改|修订|修訂|改訂|最終更新|수정|업데이트"
              "|갱신|cập nhật|chỉnh sửa|อัปเดต|อัพเดต|แก้ไข|ปรับปรุง|diperbarui|dikemas kini|yenilən|ažuriran"
              "|posodob|обновена|ажуриран|atnaujint|atjaunin|uuendatud|actualitzat|eguneratu|अपडेट|अद्यतन"),
    (PUBLISHED, "published|posted|written|submitted|created|publication|first published|date|released|added"
                "|veröffentlicht|erschienen|publiziert|erstellt|eingestellt|verfasst|datum|vom|publicad"
                "|publicación|fecha|creado|publié|publication|mis en ligne|mise en ligne|rédigé|écrit|paru"
                "|postado|publicação|data|criado|pubblicat|pubblicazione|inserito|gepubliceerd|geplaatst"
                "|publicatie|opublikowan|publikacj|dodan|utworzon|publikován|zveřejněn|vydán|datum vydání"
                "|publikovan|zverejnen|опубликован|публикаци|размещен|добавлен|дата|создан|опублікован"
                "|публікаці|розміщен|yayın|yayım|tarih|eklen|publicat|postat|megjelen|közzét|publikál"
                "|publicerad|publicerat|publicering|skapad|publiceret|offentliggjort|udgivet|oprettet"
                "|publisert|opprettet|julkaistu|δημοσι|ημερομηνία|αναρτήθηκε|פורסם|תאריך|פרסום|نشر|منتشر"
                "|تاريخ|تاریخ|发布|發布|发表|發表|发佈|時間|时间|日期|公開|投稿|掲載|発行|作成|게시|작성|등록"
                "|발행|đăng|ngày|เผยแพร่|วันที่|โพสต์|dipublikasikan|diterbitkan|diposting|tanggal|dərc"
                "|objavljen|objava|публикуван|објављен|paskelbt|publicēt|avaldatud|argitarat|प्रकाशित"),
)  # fmt: skip
# words for "date" and "time", which say what a date is only if no other word does
_NOUNS = frozenset(
    (
        "date datum fecha data дата tarih tarihi ημερομηνια תאריך تاريخ تاریخ 時間 时间 日期 ngay วันที่ tanggal"
    ).split()
)
_NEAREST = 60  # characters between a label and its date; chosen by hand
_BEHIND = 25  # characters after a date in which its label may stand, as in Turkish; chosen by hand
_LINKED = re.compile(
    r"[\s\-–—&/,.:+]*(?:(?:and|und|et|y|e|en|i|a|и|і|ve|och|og|ja|και|at|on|le|am|date|the)?[\s&/,.:+]*)"
)


# Scripts from here on are written without spaces between words: a label may begin anywhere.
_SPACELESS = "\u3040"
_KEY = 3  # characters that labels are looked up by; none is shorter in a script with spaces
_START = re.compile(r"(?<!\w)(?=(\w..))", re.DOTALL)


def _by_start() -> dict[str, list[tuple[int, str]]]:
    """Return the labels with the rank of their kind, by their first characters, the longest first."""
    labels: dict[str, list[tuple[int, str]]] = {}
    for rank, (_, words) in enumerate(_WORDS):
        for word in {folded(one) for one in words.split("|")} - {""}:
            labels.setdefault(word[:_KEY], []).append((rank, word))
    return {start: sorted(some, key=lambda one: (-len(one[1]), one)) for start, some in labels.items()}


_BY_START = _by_start()


def kinds_before(text: str) -> frozenset[str]:
    """Return what the end of a text calls the date that follows it; several for "Reviewed and updated:".

    Empty if no label stands close enough.
    """
    plain = folded(text)
    labels = _labels(plain)
    if not labels or len(text) - labels[-1][2] > _NEAREST:
        return frozenset()
    linked = [labels[-1]]
    for before, after in zip(labels[-2::-1], labels[:0:-1], strict=True):
        if not _LINKED.fullmatch(plain[before[2] : after[1]]):
            break
        linked.append(before)
    # "review date" is no date of publication
    telling = [label for label in linked if plain[label[1] : label[2]] not in _NOUNS]
    return frozenset(kind for kind, _, _ in telling or linked)


def kinds_after(text: str) -> frozenset[str]:
    """Return what the start of a text calls the date before it: "tarihinde güncellendi", "更新"."""
    labels = _labels(folded(text[:_BEHIND]))
    return frozenset({labels[0][0]}) if labels else frozenset()


@lru_cache(maxsize=4096)  # lines that recur on the pages of a site
def kinds_in(text: str) -> frozenset[str]:
    """Return the kinds of the labels in a text."""
    return frozenset(kind for kind, _, _ in _labels(folded(text)))


def ends_of(text: str, kind: str) -> list[int]:
    """Return where the labels of a kind end in a text, in order."""
    return [end for found, _, end in _labels(folded(text)) if found == kind]


def only_label(text: str) -> bool:
    """Whether a short text is a label and nothing else, so that it belongs to what follows it."""
    plain = folded(text).strip(" :：.-–—")
    return len(plain.split()) <= 4 and bool(_labels(plain)) and not any(char.isdecimal() for char in plain)


def _labels(text: str) -> list[tuple[str, int, int]]:
    """Return kind, start and end of the labels in a folded text, in order.

    Of two that overlap, the one of the more specific kind counts, and of one kind the first.
    """
    taken: list[tuple[str, int, int]] = []
    for rank, start, end in sorted(_candidates(text)):
        while end < len(text) and text[end].isalpha() and text[end] < _SPACELESS:
            end += 1
        if all(end <= other[1] or other[2] <= start for other in taken):
            taken.append((_WORDS[rank][0], start, end))
    return sorted(taken, key=lambda label: label[1])


def _candidates(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield rank of the kind, start and end of the longest label of each kind at each place."""
    starts = [match.start() for match in _START.finditer(text) if match[1] in _BY_START]
    if not text.isascii():
        starts += [place for place in range(len(text)) if text[place] >= _SPACELESS]
    for start in starts:
        seen: set[int] = set()
        for key in dict.fromkeys((text[start : start + _KEY], text[start : start + 2])):
            for rank, word in _BY_START.get(key, ()):
                if rank not in seen and text.startswith(word, start):
                    seen.add(rank)
                    yield rank, start, start + len(word)
