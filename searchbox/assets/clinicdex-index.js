/* Searches an exported index (clinicdex export --static DIR) in the browser, for the search box next to it.
   Words, terms and ranking are those of a server: index/analysis.py, index/ranking.py.
   The form of the files: searchbox/static_export.py. */
const kept = new Map();
const HITS = 10,
  FIRST = 6,
  EXPANSIONS = 100,
  PARTS = 3,
  WIDTH = 240;

const load = (base, name, options = {}) => {
  const address = new URL(name, base).href;
  if (!kept.has(address))
    kept.set(
      address,
      fetched(address, options).catch((error) => {
        kept.delete(address);
        throw error;
      }),
    );
  return kept.get(address);
};

const fetched = async (address, options) => {
  const answer = await fetch(address, { credentials: "omit", ...options });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const packed = bytes[0] === 31 && bytes[1] === 139; // a host may have unpacked it
  return packed
    ? new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json()
    : JSON.parse(new TextDecoder().decode(bytes));
};

const part = (base, kind, hash) => load(base, `${kind}-${hash}.bin`);

/* Letters that decomposing leaves as they are; the marks that are letters of their script stay (folding.py). */
const LETTERS = {
  œ: "oe",
  æ: "ae",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ŧ: "t",
  ƒ: "f",
  ß: "ss",
  ς: "σ",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ـ: "",
}; // prettier-ignore
const ODD = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");
const fold = (text) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/и\u0306/g, "й")
    .replace(/(?![\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a])[\p{M}\p{Cf}]/gu, "")
    .replace(ODD, (letter) => LETTERS[letter])
    .normalize("NFC");
/* index/words.py */
const APOSTROPHE = /['’‘ʼ`´′＇ʹꞌ‛]/g,
  WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*(?:['’‘ʼ`´′＇ʹꞌ‛][\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*)*/gu,
  ELIDED =
    /^(?:l|d|j|s|n|c|b|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu|un|all|coll|dall|dell|nell|sull|quest|quell|sant)'(?=[\p{L}\p{N}]{2})/u,
  SPACELESS =
    "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u3005-\\u3007\\u3031-\\u3035\\u3041-\\u30ff" +
    "\\u3130-\\u318f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3134f}",
  SIGNS =
    "\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u0eb1\\u0eb4-\\u0ebc\\u0ec8-\\u0ecd\\u102b-\\u103e\\u17b6-\\u17d3",
  IS_SPACELESS = new RegExp(`[${SPACELESS}]`, "u"),
  RUNS = new RegExp(`[${SPACELESS}]+|[^${SPACELESS}]+`, "gu"),
  CLUSTER = new RegExp(`[^${SIGNS}][${SIGNS}]*`, "gu");
const pairs = (run) => {
  const clusters = run.match(CLUSTER) || [];
  return clusters.length > 1 ? clusters.slice(1).map((one, at) => clusters[at] + one) : clusters;
};
const cut = (word) => [...word].slice(0, 64).join("");
const wordsIn = (raw) => {
  const word = fold(raw.replace(APOSTROPHE, "'")).replace(/'s$/, "").replace(ELIDED, "").replace(/'/g, "");
  if (IS_SPACELESS.test(word))
    return (word.match(RUNS) || []).flatMap((run) => (IS_SPACELESS.test(run) ? pairs(run) : [cut(run)]));
  return word ? [cut(word)] : [];
};
const elided = (raw) => (raw.toLowerCase().replace(APOSTROPHE, "'").match(ELIDED) || [""])[0].length;
const wordsOf = (text) => (text.match(WORD) || []).flatMap(wordsIn);

const postings = (coded) => {
  const found = new Map();
  let at = -1;
  for (const one of coded ? coded.split(",") : []) {
    const [step, count] = one.split(".");
    at += parseInt(step, 36);
    found.set(at, count ? parseInt(count, 36) : 1);
  }
  return found;
};

/* Where a key is in the parts that lie in the order of their first keys. */
const place = (parts, key) => {
  let low = 0,
    high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle][0] <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

class Index {
  constructor(base, contents) {
    this.base = base;
    this.contents = contents;
    this.numbers = (list) => (list.read ||= list.map((one) => parseInt(one, 36)));
  }

  async terms(word) {
    const entry = await this.entry(word);
    if (entry?.s) return entry.s;
    if (entry && !entry.o) return [word];
    return this.contents.stop.includes(word) || word.includes("_") ? [] : this.nearStem(word);
  }

  /* Whether an article has exactly this word. */
  async holds(word) {
    const entry = await this.entry(word);
    return Boolean(entry && (entry.s || !entry.o));
  }

  async entry(key) {
    const at = place(this.contents.t, key);
    if (at < 0) return undefined;
    const found = await part(this.base, "t", this.contents.t[at][1]);
    const entry = Object.hasOwn(found, key) ? found[key] : undefined;
    return typeof entry === "string" ? { p: entry } : entry;
  }

  /* A form that no article has, of a word that some have: "exercising" where there is "exercise",
     whose term is "exercis". */
  async nearStem(word) {
    for (let length = word.length - 1; length >= Math.max(3, word.length - 4); length--) {
      const stem = word.slice(0, length),
        entry = await this.entry(stem);
      if (entry?.p) return entry.s || [stem];
    }
    return [];
  }

  async beginning(prefix) {
    const found = new Set(),
      first = Math.max(place(this.contents.t, prefix), 0);
    for (
      let at = first;
      at < Math.min(first + PARTS, this.contents.t.length) && found.size < EXPANSIONS;
      at++
    ) {
      if (at > first && !this.contents.t[at][0].startsWith(prefix)) break;
      const entries = await part(this.base, "t", this.contents.t[at][1]);
      for (const key in entries)
        if (key.startsWith(prefix))
          for (const term of entries[key].s || (entries[key].o ? [] : [key]))
            found.size < EXPANSIONS && found.add(term);
    }
    return [...found];
  }

  async scores(asked, joins) {
    const {
        n,
        bm25: [k1, b, share],
        flat,
        title,
      } = this.contents,
      sums = new Map();
    const weigh = (coded, lengths, weight, times, counts = () => true) => {
      const found = postings(coded),
        all = this.numbers(lengths);
      all.mean ||= all.reduce((sum, one) => sum + one, 0) / (n || 1);
      const mean = all.mean || 1;
      const idf = Math.log(1 + (n - found.size + 0.5) / (found.size + 0.5));
      for (const [number, count] of found) {
        if (!counts(number)) continue;
        const norm = k1 * (1 - b + (b * all[number]) / mean);
        sums.set(
          number,
          (sums.get(number) || 0) + (weight * times * idf * count * (k1 + 1)) / (count + norm),
        );
      }
    };
    const entries = await Promise.all([...asked.keys()].map((term) => this.entry(term)));
    for (const times of asked.values()) {
      const entry = entries.shift() || {};
      weigh(entry.p, flat, 1, times);
      weigh(entry.h, title, share, times);
    }
    const idf = (held) => Math.log(1 + (n - held + 0.5) / (held + 0.5));
    for (const [term, one, other] of joins) {
      const entry = (await this.entry(term)) || {},
        parts = [await this.holding(one), await this.holding(other)],
        counts = (number) => !parts.every((part) => part.has(number));
      const limit = parts.reduce((sum, part) => sum + (part.size && idf(part.size)), 0);
      const most = limit ? Math.min(1, limit / idf(postings(entry.p).size)) : 1;
      weigh(entry.p, flat, most, 1, counts);
      weigh(entry.h, title, share * most, 1, counts);
    }
    return sums;
  }

  async holding(terms) {
    const found = new Set();
    for (const term of terms)
      for (const number of postings((await this.entry(term))?.p).keys()) found.add(number);
    return found;
  }

  facets() {
    return part(this.base, "f", this.contents.f);
  }

  byLetter(kind, key) {
    const hash = this.contents[kind][[...key][0]];
    return hash ? part(this.base, kind, hash) : null;
  }

  async completing(text, most) {
    const wanted = fold(text).trim(),
      found = [];
    for (const entry of (wanted && (await this.byLetter("c", wanted))) || []) {
      if (found.length < most && fold(entry).startsWith(wanted)) found.push(entry);
    }
    return found;
  }

  async article(number) {
    const at = place(this.contents.d, number);
    return (await part(this.base, "d", this.contents.d[at][1]))[number - this.contents.d[at][0]];
  }
}

/* Letters to add, drop, change or swap with their neighbour (Damerau and Levenshtein). */
const distance = (one, other) => {
  let before = [],
    row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const last = row,
      older = before;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      let least = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] !== other[j - 1]));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, older[j - 2] + 1);
      row.push(least);
    }
    before = last;
  }
  return row[other.length];
};

const nearest = async (index, word) => {
  if (word.length < 4 || word.length > 20 || !/^\p{L}+$/u.test(word)) return null;
  const known = Object.entries((await index.byLetter("w", word)) || {}).filter(
    ([, count]) => typeof count === "number",
  );
  for (const most of word.length >= 7 ? [1, 2] : [1]) {
    const near = known.filter(
      ([one]) => one !== word && Math.abs(one.length - word.length) <= most && distance(word, one) <= most,
    );
    if (near.length) return near.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0][0];
  }
  return null;
};

/* The steps from what was typed to what is searched for: index/wording.py. */
const most = (words, lists) => {
  const counted = lists.map((listed) => words.filter((word) => listed.includes(word)).length),
    best = Math.max(0, ...counted);
  return best ? lists.filter((_, at) => counted[at] === best).flat() : [];
};

const pruned = async (index, typed) => {
  const held = Object.values(index.contents.stops);
  let dropped = most(typed, held);
  if (!dropped.length && !(await allOf(index, typed)))
    dropped = most(typed.slice(0, -1), Object.values(await part(index.base, "s", index.contents.s))).filter(
      (word) => word !== typed.at(-1),
    );
  const told = typed.filter((word) => !dropped.includes(word));
  return told.length ? told : typed;
};

const allOf = async (index, words) =>
  (await Promise.all(words.map((word) => index.terms(word)))).every((terms) => terms.length);

const named = (typed, kept) =>
  typed
    .slice(1)
    .map((word, at) => [typed[at], word])
    .filter(([one, other]) => kept.includes(one) !== kept.includes(other))
    .map((two) => two.join("_"));

const known = async (index, words) => {
  const held = await Promise.all(words.map((word) => index.holds(word)));
  return words.filter((_, at) => held[at]);
};

/* [joined word, its parts] of the neighbours that some article has as one word. */
const together = async (index, words) => {
  const found = new Map();
  for (const [at, other] of words.slice(1).entries()) {
    const one = words[at],
      word = one + other;
    if (index.contents.stop.some((stop) => stop === one || stop === other)) continue;
    if ((other.length === 1 && one.length > 3) || word.length > 30 || IS_SPACELESS.test(word)) continue;
    found.set(word, [word, one, other]);
  }
  return (await known(index, [...found.keys()])).map((word) => found.get(word));
};

const COMPOUNDING = ["de", "nl", "sv", "da", "nb", "nn", "no", "fi", "et", "hu", "is"];
const partsOf = async (index, word) => {
  const places = [...Array(word.length - 7).keys()].map((at) => at + 4),
    ends = [],
    fitting = [];
  for (const at of places) if (await index.holds(word.slice(0, at))) ends.push(at);
  for (const at of ends.length ? places : [])
    if (await index.holds(word.slice(at)))
      for (const end of ends) if (end <= at) fitting.push([at - end, at]);
  if (!fitting.length) return [];
  const [[gap, begin]] = fitting.sort(([a, x], [b, y]) => a - b || x - y);
  return [word.slice(0, begin - gap), word.slice(begin)];
};

const compounds = async (index, words) => {
  const more = [];
  if (index.contents.languages.some((one) => COMPOUNDING.includes(one)))
    for (const word of words)
      if (word.length >= 9 && /^\p{L}+$/u.test(word) && !(await index.holds(word)))
        more.push(...(await partsOf(index, word)));
  return [...new Set(more)].filter((word) => !words.includes(word));
};

const parsed = (text) => {
  const found = { words: [], prefixes: [], required: [], excluded: [], quoted: [] };
  for (const [, sign, quoted, bare] of text
    .slice(0, 500)
    .replace(/[“”„«»]/g, '"')
    .matchAll(/([+-]?)(?:"([^"]*)"?|(\S+))/gu)) {
    const inside = wordsOf(quoted ?? bare);
    if (bare?.endsWith("*") && !sign && inside.join("").length > 1) found.prefixes.push(inside.join(""));
    else if (sign === "-") found.excluded.push(...inside);
    else if (
      !sign &&
      inside.length === 1 &&
      IS_SPACELESS.test(inside[0]) &&
      inside[0].match(CLUSTER).length === 1
    )
      found.prefixes.push(inside[0]);
    else if (quoted && inside.length > 1) found.quoted.push(inside);
    else found[sign === "+" ? "required" : "words"].push(...inside);
  }
  return found;
};

/* Where the terms occur in a text; no two places overlap: index/occurrences.py. */
const places = (text, isAsked, terms) => {
  const found = [];
  for (const match of text.matchAll(WORD)) {
    const inside = wordsIn(match[0]);
    const term = inside.length === 1 && !IS_SPACELESS.test(inside[0]) && isAsked(inside[0]);
    if (term) found.push([match.index + elided(match[0]), match.index + match[0].length, term]);
  }
  const seen = new Set(found.map((place) => place[2]));
  for (const term of terms) {
    if (seen.has(term)) continue;
    if (IS_SPACELESS.test(term))
      for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1))
        found.push([at, at + term.length, term]);
    else if (/^[\p{L}\p{N}_]{2,}$/u.test(term)) found.push(...apart(text, term));
  }
  found.sort(([a, x], [b, y]) => a - b || x - y);
  return found.reduce((merged, place) => {
    const before = merged.at(-1);
    if (before && place[0] < before[1]) before[1] = Math.max(before[1], place[1]);
    else merged.push([...place]);
    return merged;
  }, []);
};

/* Where a term is written in two words, or with a hyphen: "x-ray" for "xray". */
const apart = (text, term) => {
  const spelled = term.includes("_") ? term.replace("_", " ") : [...term].join("[-‐‑ \u00a0\u202f]?");
  return [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${spelled}`, "giu"))]
    .filter(([one]) => !/^[\p{L}\p{N}]+$/u.test(one))
    .map((match) => {
      const end = match.index + match[0].length;
      const rest = text.slice(end).match(/^[\p{L}\p{N}\p{M}\p{Cf}]*/u)[0];
      return [match.index, end + rest.length, term];
    });
};

const snippet = (article, isAsked, terms) => {
  const text = article.x || "",
    width = Math.min(WIDTH, article.m ?? WIDTH),
    marks = places(text, isAsked, terms);
  let start = 0,
    most = 0,
    first = 0;
  marks.forEach(([, end], last) => {
    while (first < last && end - marks[first][0] > width) first++;
    const distinct = new Set(marks.slice(first, last + 1).map((mark) => mark[2])).size;
    if (distinct > most) [start, most] = [marks[first][0], distinct];
  });
  let begin = start ? Math.max(0, start - Math.floor(width / 6)) : 0;
  while (begin > 0 && !/\s/.test(text[begin - 1])) begin--;
  let end = text.length;
  if (begin + width < text.length) {
    end = text.lastIndexOf(" ", begin + width - 1);
    if (end <= begin) end = begin + width;
  }
  const lead = begin ? "… " : "",
    shown = lead + text.slice(begin, end).replace(/\n/g, " ") + (end < text.length ? " …" : "");
  const letters = (place) => [...shown.slice(0, place)].length; // as on a server, offsets count characters
  const within = marks.filter(([from, to]) => begin <= from && to <= end);
  return [
    shown,
    within.map(([from, to]) => [letters(from - begin + lead.length), letters(to - begin + lead.length)]),
  ];
};

const counted = (facets, numbers) => {
  const all = new Set(numbers),
    counts = Object.entries(facets).map(([name, coded]) => [
      name,
      [...postings(coded).keys()].filter((one) => all.has(one)).length,
    ]);
  return Object.fromEntries(
    counts.filter(([, count]) => count).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
  );
};

/* Topics of the first results, to narrow the query by; chosen as on a server: searchbox/pages/topics.py. */
const focus = (articles, counts, total) => {
  const held = new Map(),
    found = new Map();
  for (const article of articles)
    for (const label of new Set(article.k))
      if (counts[label] < total) held.set(label, (held.get(label) || 0) + 1);
  const worth = (label) => held.get(label) * Math.log(total / counts[label]),
    shared = (label) => held.get(label) > 1;
  for (const label of [...held.keys()].sort((a, b) => shared(b) - shared(a) || worth(b) - worth(a))) {
    const stem = label.toLowerCase().replace(/(?:ies|y|s)(?![\p{L}\p{N}_])/gu, "");
    if (!found.has(stem)) found.set(stem, label);
  }
  return [...found.values()];
};

export { wordsOf }; // for the test that compares them with a server's

export const find = async (base, wanted) => {
  const contents = await load(base, "clinicdex.bin", { cache: "no-cache" });
  if (contents.v !== 2) throw new Error("the index is of another version; export it again");
  contents.index ||= new Index(base, contents);
  const index = contents.index;
  const query = parsed(wanted.q),
    typed = query.words,
    asked = new Map(),
    unknown = [],
    mended = {};
  const ask = (terms) => {
    for (const term of terms) asked.set(term, (asked.get(term) || 0) + 1);
  };
  query.words = (await pruned(index, typed)).slice(0, 32);
  const also = await known(index, named(typed, query.words));
  for (const inside of query.quoted)
    query.required.push(
      ...inside,
      ...(await known(
        index,
        named(
          inside,
          inside.filter((word) => !contents.stop.includes(word)),
        ),
      )),
    );
  const last = /[\p{L}\p{N}]$/u.test(wanted.q) ? query.words.length - 1 : -1;
  const facetsLoading = index.facets(),
    suggesting = index.completing(wanted.q, 5); // meanwhile
  const ofWords = await Promise.all(query.words.map((word) => index.terms(word)));
  for (const [number, word] of query.words.entries()) {
    const terms = ofWords[number];
    if (terms.length || contents.stop.includes(word)) ask(terms);
    else if (number === last && word.length > 1 && (await index.beginning(word)).length) {
      query.prefixes.push(word);
      query.words = query.words.slice(0, -1);
    } else unknown.push(word);
  }
  for (const word of [...(await compounds(index, query.words)), ...also]) ask(await index.terms(word));
  for (const word of unknown) {
    const others = (await index.byLetter("w", word))?.[word];
    if (Array.isArray(others)) for (const other of others) ask(await index.terms(other));
  }
  for (const prefix of query.prefixes) ask(await index.beginning(prefix));
  const required = await Promise.all(query.required.map((word) => index.terms(word)));
  required.forEach(ask);

  const joins = [];
  for (const [word, one, other] of await together(index, typed))
    for (const term of await index.terms(word))
      if (!asked.has(term)) joins.push([term, await index.terms(one), await index.terms(other)]);
  const sums = await index.scores(asked, joins),
    facets = await facetsLoading,
    limits = [];
  for (const terms of required) if (terms.length) limits.push(await index.holding(terms));
  for (const name of ["topic", "site", "language"]) {
    const value = wanted[name] && Object.keys(facets[name]).find((one) => fold(one) === fold(wanted[name]));
    if (wanted[name]) limits.push(new Set(postings(value ? facets[name][value] : "").keys()));
  }
  const without = await index.holding(
    (await Promise.all(query.excluded.map((word) => index.terms(word)))).flat(),
  );
  const ranked = [...sums].filter(
    ([number]) => !without.has(number) && limits.every((limit) => limit.has(number)),
  );
  ranked.sort(([a, x], [b, y]) => y - x || a - b);

  if (!ranked.length) for (const word of unknown) mended[word] = await nearest(index, word);
  const changed = Object.values(mended).some(Boolean);
  const terms = new Set([...asked.keys(), ...joins.map(([term]) => term)]),
    decided = new Map();
  const isAsked = (word) => {
    if (!decided.has(word)) {
      const at = place(contents.t, word),
        entries = at < 0 ? null : index.here?.get(contents.t[at][1]);
      const entry = entries && Object.hasOwn(entries, word) ? entries[word] : undefined;
      decided.set(
        word,
        entry?.s ? entry.s.find((term) => terms.has(term)) : terms.has(word) ? word : undefined,
      );
    }
    return decided.get(word);
  };
  const alone = query.prefixes.filter((one) => IS_SPACELESS.test(one));
  const shown = [...terms].filter((term) => !alone.some((one) => term.startsWith(one))).concat(alone);
  index.here = new Map(
    await Promise.all(
      contents.t
        .filter(([, hash]) => kept.has(new URL(`t-${hash}.bin`, base).href))
        .map(async ([, hash]) => [hash, await part(base, "t", hash)]),
    ),
  );

  const folded = wordsOf(wanted.q).join(" ");
  const pinned = wanted.topic
    ? []
    : contents.pins
        .filter(([words]) => folded && words.join(" ") === folded)
        .map(([, url, title]) => ({ url, title: title || url, summary: "" }));
  const most = wanted.limit || HITS,
    counts = counted(
      facets.topic,
      ranked.map(([number]) => number),
    );
  const articles = await Promise.all(
    ranked.slice(0, Math.max(most, FIRST)).map(([number]) => index.article(number)),
  );
  const hits = ranked.slice(0, most).map(([number, score], place) => {
    const article = articles[place],
      [text, highlights] = snippet(article, isAsked, shown);
    return {
      id: number,
      score,
      url: article.u,
      title: article.t || "",
      site: article.s,
      published: article.p || null,
      authors: (article.a || []).map((name) => ({ as_written: name })),
      snippet: text,
      highlights,
    };
  });
  const near = ranked.length
    ? []
    : (
        await Promise.all(
          query.words.filter((word) => word.length > 3).map((word) => index.completing(word.slice(0, 4), 5)),
        )
      )
        .flat()
        .slice(0, 5);
  const suggestions = (await suggesting)
    .filter((one) => one.toLowerCase() !== wanted.q.toLowerCase())
    .slice(0, 4);
  return {
    total: ranked.length,
    hits: hits.filter((hit) => !pinned.some((one) => one.url === hit.url)),
    pinned,
    suggestions,
    near,
    did_you_mean: changed ? wanted.q.replace(/[\p{L}\p{N}]+/gu, (word) => mended[fold(word)] || word) : null,
    facets: { topic: counts },
    about: focus(articles.slice(0, FIRST), counts, ranked.length),
    notice:
      typeof contents.notice === "string"
        ? contents.notice
        : contents.notice?.[wanted.spoken] || contents.notice?.en || null,
    no_results_link: contents.link,
  };
};
