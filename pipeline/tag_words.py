"""Words about tags, by language: what stands before them, what leads to them, and labels that name no topic.

The names of the default category are those of WordPress's translations ("Uncategorized"); the other lists
were collected from the themes of WordPress, Hexo, Hugo, Jekyll, MkDocs and Blogger and from clinics' menus.
"""

from __future__ import annotations

import re

__all__ = ["COUNT", "LEAD", "LEAD_BEFORE", "NO_TOPICS", "TAXONOMY_CLASS", "TAXONOMY_PATH"]

# Labels of the default category and of sections that hold everything, advertisements, and words of a menu.
_NO_TOPICS = """
uncategorized|uncategorised|uncategorized posts|general|misc|miscellaneous|other|others|various|featured|all
blog|blogs|news|article|articles|post|posts|home|archive|archives|latest|interesting|important|decide|random
updates|video|videos|page|pages|press|media|events|about|about us|contact|services|shop|sticky|draft|private
ads|ad|advert|adverts|advertisement|advertisements|advertising|advertorial|sponsored|sponsored post|promo
allgemein|allgemeines|unkategorisiert|nicht kategorisiert|ohne kategorie|sonstiges|verschiedenes|neuigkeiten
nachrichten|aktuelles|artikel|beitrag|beiträge|startseite|anzeige|anzeigen|werbung|magazin|ratgeber
sin categoría|sin categorizar|sin clasificar|generales|varios|otros|noticias|artículos|artículo|inicio
anuncio|anuncios|publicidad|destacado|destacados|novedades
non classé|non classée|non catégorisé|non categorisé|général|générale|divers|actualités|actualité|accueil
publicité|pub|à la une
senza categoria|non categorizzato|non categorizzati|generale|varie|notizie|articoli|articolo|pubblicità
in evidenza|novità
sem categoria|não categorizado|geral|diversos|outros|notícias|artigos|artigo|início|publicidade|anúncios
destaque|destaques|novidades
geen categorie|niet gecategoriseerd|ongecategoriseerd|algemeen|diversen|overig|nieuws|artikelen|reclame
uitgelicht
bez kategorii|ogólne|ogólna|inne|różne|aktualności|artykuły|artykuł|strona główna|reklama|polecane
nezařazené|nezařazeno|nezaradené|obecné|ostatní|aktuality|novinky|články|článek|úvod|reklamy
без рубрики|без категории|общее|разное|прочее|другое|новости|статьи|статья|блог|главная|реклама
без категорії|без рубрики|загальне|різне|інше|новини|статті|стаття|головна
некатегоризирани|без категория|общи|новини|статии
genel|kategorilenmemiş|kategorize edilmemiş|sınıflandırılmamış|diğer|haberler|makaleler|makale|anasayfa
ana sayfa|reklam|duyurular
okategoriserade|okategoriserad|allmänt|övrigt|nyheter|artiklar|hem|annons
ukategorisert|ikke kategorisert|ikke kategoriseret|ukategoriseret|generelt|diverse|nyheder|artikler|hjem
yleinen|luokittelematon|kategorioimaton|muut|uutiset|artikkelit|etusivu
egyéb|egyéb kategória|nem kategorizált|általános|hírek|cikkek|kezdőlap
fără categorie|necategorisite|necategorizat|altele|știri|articole|acasă
χωρίς κατηγορία|μη κατηγοριοποιημένο|γενικά|διάφορα|νέα|άρθρα|αρχική|διαφημίσεις
nekategorizirano|nerazvrščeno|некатегоризовано|opšte|ostalo|novosti|vijesti|članci
sense categoria|sailkatu gabea|sen categoría|be kategorijos|nav kategorijas|määratlemata
כללי|לא מסווג|ללא קטגוריה|חדשות|מאמרים|בלוג|דף הבית|פרסומת
غير مصنف|عام|أخبار|مقالات|مدونة|الرئيسية|إعلانات|دسته‌بندی نشده|بدون دسته|اخبار|مقاله
未分類|未分类|その他|ブログ|お知らせ|新着情報|ニュース|記事|コラム|ホーム|広告|博客|新闻|新聞|文章|首页|首頁|广告|其他
미분류|분류되지 않음|기타|블로그|공지사항|뉴스|홈|광고
chưa phân loại|chưa được phân loại|tin tức|bài viết|trang chủ|ไม่มีหมวดหมู่|ไม่จัดหมวดหมู่|tak berkategori|umum|berita
"""
NO_TOPICS = tuple(label for line in _NO_TOPICS.split("\n") for label in line.split("|") if label)

# "Tags:", "Filed under", "Kategorie:", "分类于", at the start of a line
_LEADS = """
tags?|tagged(?: (?:with|as|in|under))?|topics?|categor(?:y|ies)|categori[sz]ed (?:under|in|as)
filed (?:under|in)|posted in
keywords?|labels?|schlagw(?:ort|orte|örter)|stichw(?:ort|orte|örter)|kategorien?|themen?|abgelegt unter
verschlagwortet mit
etiquetas?|etiquetado(?: como)?|categor[ií]as?|temas?|archivado en|publicado en la categor[ií]a
palabras clave
étiquettes?|mots[- ]clés|catégories?|rubriques?|thèmes?|classé (?:dans|sous)|publié dans
etichett[ae]|categori[ae]|argoment[oi]|pubblicato in|archiviato in|parole chiave
palavras[- ]chave|marcad(?:o|ores)(?: como)?|trefwoord(?:en)?|categorieën?|onderwerp(?:en)?|geplaatst in
gelabeld
tagi|kategori[ae]|tematy?|słowa kluczowe|štítky|rubrik[ay]|klíčová slova|теги?|метки|рубрик[аи]|категори[ия]
темы?|ключевые слова
теги|мітки|категорі[яї]|рубрик[аи]|etiket(?:ler)?|kategori(?:ler)?|konu(?:lar)?|nyckelord|taggar|ämnen
emneord|stikord|avainsanat
címkék?|kategóriák?|etichete|ετικέτες|κατηγορί(?:α|ες)|תגיות|קטגוריות?|وسوم|التصنيفات?|تصنيف|برچسب‌ها
دسته‌بندی
タグ|カテゴリー?|キーワード|关键词|標籤|标签|分类于|分类|分類|태그|카테고리|thẻ|chuyên mục|từ khóa|หมวดหมู่|แท็ก
"""
_LEAD = "|".join(_LEADS.strip().splitlines())
LEAD = re.compile(rf"\W*(?:{_LEAD})\s*(?:[:：|–—-]|(?=#)|$|\s)\s*", re.IGNORECASE)
# the same as the last words before a label, after whatever else a line of details holds
LEAD_BEFORE = re.compile(rf"(?:^|[\W\d])(?:{_LEAD})\s*[:：|–—-]?\s*$", re.IGNORECASE)

# Segments of an address after which the name of a tag or category comes
TAXONOMY_PATH = frozenset(
    (
        "tag tags tagged category categories cat label labels topic topics subject subjects keyword "
        "keywords kategorie kategorien schlagwort schlagwoerter thema themen etiqueta etiquetas "
        "categoria categorias tema temas etiquette etiquettes categorie catégorie rubrique mot-cle "
        "theme themes argomento argomenti etichetta etichette trefwoord onderwerp categorieen "
        "kategoria temat tagi rubrika rubriki kategori kategoriler etiket etiketler konu stitek "
        "stitky nyckelord tegi метки рубрика 标签 分类 タグ カテゴリー"
    ).split()
)
# Words of class names whose elements hold tags; "tag-cloud" and the like are no row of an article's tags
TAXONOMY_CLASS = frozenset(
    "tag tags category categories cats keyword keywords topics taxonomy hashtag".split()
)
# "Salad (4)", "Salad 4": an entry of a list of all tags
COUNT = re.compile(r"\s\(?\d+\)?\s*$")
