/* The clinicdex search box, for any page:
     <script src="https://SERVER/clinicdex-search.js" defer></script>
     <clinicdex-search><form action="https://SERVER/search"><input name="q"></form></clinicdex-search>
   The form inside is what people get without JavaScript, and where Enter leads.
   What was crawled becomes text nodes, never markup. */
(() => {
  if (customElements.get("clinicdex-search")) return;
  const script = document.currentScript;
  const said = "WORDS";
  const looks = `:host{--cx-accent:#0b5c8a;--cx-background:#fff;--cx-text:#1b1f24;--cx-muted:#4d5660;--cx-line:#767e87;--cx-mark:#fff1a8;--cx-mark-text:#1b1f24;--cx-radius:8px;--cx-font:inherit;--cx-size:1rem;--cx-width:40rem;--cx-shadow:0 8px 24px #0004;display:block;position:relative;max-width:var(--cx-width);font:var(--cx-font);font-size:var(--cx-size);color:var(--cx-text);text-align:start;color-scheme:light}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){--cx-accent:#8ecbf2;--cx-background:#14181d;--cx-text:#eef2f6;--cx-muted:#aab4bf;--cx-line:#7d8792;--cx-mark:#5c4a00;--cx-mark-text:#fff;color-scheme:dark}}
:host([theme=dark]){--cx-accent:#8ecbf2;--cx-background:#14181d;--cx-text:#eef2f6;--cx-muted:#aab4bf;--cx-line:#7d8792;--cx-mark:#5c4a00;--cx-mark-text:#fff;color-scheme:dark}
:host([hidden]),[hidden]{display:none!important}*{box-sizing:border-box;font:inherit;margin:0;padding:0}form{display:flex;gap:.5em}
input,button{min-height:44px;border-radius:var(--cx-radius);border:1px solid var(--cx-line);padding:.5em .75em;color:var(--cx-text);background:var(--cx-background)}
input{flex:1;min-width:0}button{cursor:pointer;min-width:44px}form button{color:var(--cx-background);background:var(--cx-accent);border-color:var(--cx-accent)}
:focus-visible{outline:3px solid var(--cx-accent);outline-offset:2px}
.panel{position:absolute;z-index:99999;inset-inline:0;margin-top:.25em;max-height:75vh;display:flex;flex-direction:column;padding:.25em;background:var(--cx-background);border:1px solid var(--cx-line);border-radius:var(--cx-radius);box-shadow:var(--cx-shadow)}
.found{overflow:auto;min-height:0;padding:3px}:host([inline]) .panel{position:static;max-height:none;border:0;box-shadow:none}
ul{list-style:none}li{min-height:44px;padding:.6em .75em;border-radius:var(--cx-radius);cursor:pointer;overflow-wrap:anywhere}
li:hover,li[aria-selected=true]{outline:2px solid var(--cx-accent);outline-offset:-2px}
b,small{display:block}b{font-weight:600}small,.notice{font-size:.875em;color:var(--cx-muted)}.notice,.help{padding:.6em .75em}.notice{flex:none;border-top:1px solid var(--cx-line)}a{color:var(--cx-accent)}
mark{background:var(--cx-mark);color:var(--cx-mark-text);border-radius:2px}.chips{display:flex;flex-wrap:wrap;gap:.4em;padding:.4em}.chips button{font-size:.875em;border-radius:22px;flex:none}@media(max-width:30rem){.chips{flex-wrap:nowrap;overflow-x:auto}}
.chips [aria-pressed=true]{background:var(--cx-accent);color:var(--cx-background)}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(forced-colors:active){li[aria-selected=true]{outline-color:Highlight}}`;
  const make = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    for (const key in attributes) attributes[key] != null && made.setAttribute(key, attributes[key]);
    made.append(...inside);
    return made;
  };
  const marked = (text, places) => {
    const letters = [...text],
      parts = []; // offsets count characters, not UTF-16 units
    let at = 0;
    for (const [start, end] of places || []) {
      parts.push(letters.slice(at, start).join(""), make("mark", {}, letters.slice(start, end).join("")));
      at = end;
    }
    return [...parts, letters.slice(at).join("")];
  };
  const web = (url) => /^https?:\/\//i.test(url);
  let boxes = 0;

  class ClinicdexSearch extends HTMLElement {
    connectedCallback() {
      if (!this.root) this.build();
      this.hotkey = (event) => this.jump(event);
      if (this.getAttribute("hotkeys") !== "off") document.addEventListener("keydown", this.hotkey);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this.hotkey);
      this.asking?.abort();
    }

    build() {
      const language = (this.lang || document.documentElement.lang || "en").slice(0, 2).toLowerCase();
      const own =
        this.querySelector("script[type='application/json']")?.textContent ||
        this.getAttribute("words") ||
        "{}";
      this.spoken = language;
      this.words = { ...(said[language] || said.en), ...JSON.parse(own) };
      this.server = new URL(
        this.getAttribute("src") || "./",
        this.getAttribute("src") ? document.baseURI : script?.src || document.baseURI,
      );
      this.page = String(new URL("search", this.server));
      this.index = this.dataset.index && new URL(this.dataset.index, document.baseURI);
      this.form = this.querySelector("form");
      const field = this.form?.querySelector("input[type=search],input[type=text],input:not([type])");
      const id = `clinicdex-${++boxes}`,
        label = this.getAttribute("placeholder") || field?.getAttribute("aria-label") || this.words.label;
      this.input = make("input", {
        type: "search",
        name: "q",
        part: "input",
        role: "combobox",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        enterkeyhint: "search",
        maxlength: 500,
        placeholder: label,
        "aria-label": label,
        "aria-expanded": "false",
        "aria-controls": id,
        "aria-autocomplete": "list",
        "aria-keyshortcuts": this.getAttribute("hotkeys") === "off" ? null : "/ Control+K",
      });
      this.input.value = field?.value || "";
      this.chips = make("div", {
        class: "chips",
        part: "chips",
        role: "group",
        "aria-label": this.words.topic,
      });
      this.help = make("p", { class: "help", part: "help" });
      this.list = make("ul", { id, part: "list", role: "listbox", "aria-label": this.words.results });
      this.notice = make("p", { class: "notice", part: "notice" });
      this.panel = make(
        "div",
        { class: "panel", part: "panel", hidden: "" },
        make("div", { class: "found" }, this.chips, this.help, this.list),
        this.notice,
      );
      this.live = make("div", { class: "unseen", role: "status" });
      const shell = make(
        "form",
        { role: "search", part: "form", action: this.page },
        this.input,
        make("button", { part: "button" }, this.words.search),
      );
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(looks);
      this.root = this.attachShadow({ mode: "open" });
      this.root.adoptedStyleSheets = [sheet];
      this.root.append(shell, this.panel, this.live);
      this.options = [];
      this.at = -1;
      this.input.addEventListener("input", () => this.soon());
      this.input.addEventListener("focus", () => this.options.length && this.open(true));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.panel.addEventListener(
        "mousedown",
        (event) => event.target.closest("a,.notice") || event.preventDefault(),
      ); // the field keeps the focus
      this.list.addEventListener("click", (event) => this.choose(event.target.closest("li"), event));
      this.list.addEventListener(
        "auxclick",
        (event) => event.button === 1 && this.choose(event.target.closest("li"), event),
      );
      this.root.addEventListener(
        "focusout",
        (event) => this.root.contains(event.relatedTarget) || this.hasAttribute("inline") || this.open(false),
      );
      shell.addEventListener("submit", (event) => this.send(event, field));
      const asked = this.hasAttribute("deep-link") && new URLSearchParams(location.search).get("q");
      if (asked) {
        this.input.value = asked;
        this.search();
      }
    }

    soon() {
      clearTimeout(this.timer);
      this.topic = null;
      this.timer = setTimeout(() => this.search(), 150);
    }

    send(event, field) {
      clearTimeout(this.timer);
      if (this.form && field) {
        event.preventDefault();
        field.value = this.input.value;
        const wanted = this.wanted(field.value);
        if (this.form.action === this.page)
          this.form.addEventListener(
            "formdata",
            ({ formData }) => {
              for (const [name, value] of Object.entries(wanted)) formData.set(name, value);
            },
            { once: true },
          );
        this.form.requestSubmit ? this.form.requestSubmit() : this.form.submit();
      } else if (this.index) {
        event.preventDefault();
        this.search();
      }
    }

    async search() {
      const q = this.input.value.trim();
      this.asking?.abort();
      const asking = new AbortController();
      this.asking = asking;
      if (!q) return this.clear();
      const slow = setTimeout(() => asking.abort(), 8000);
      try {
        const found = await this.ask(q, asking.signal);
        if (asking === this.asking) this.show(q, found);
      } catch {
        if (asking === this.asking) this.fail();
      } finally {
        clearTimeout(slow);
      }
    }

    wanted(q) {
      // what is asked: what a form that leads to our page hands on, and what the box itself is for
      const wanted = Object.assign(
        { q },
        this.form?.action === this.page ? Object.fromEntries(new FormData(this.form)) : {},
        { q },
      );
      for (const name of ["topic", "site", "language"])
        wanted[name] = (name === "topic" && this.topic) || this.getAttribute(name) || wanted[name];
      return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
    }

    async ask(q, signal) {
      const wanted = this.wanted(q);
      if (this.index) {
        this.engine ||= import(new URL("clinicdex-index.js", this.index));
        return (await this.engine).find(this.index, {
          ...wanted,
          limit: +this.getAttribute("limit") || 6,
          spoken: this.spoken,
        });
      }
      const address = new URL("search.json?typing=1", this.server);
      for (const name in wanted) address.searchParams.set(name, wanted[name]);
      const answer = await fetch(address, { signal, credentials: "omit" });
      if (!answer.ok) throw answer.status;
      return answer.json();
    }

    show(q, found) {
      const words = this.words,
        most = +this.getAttribute("limit") || 6,
        rows = [];
      const row = (goal, ...inside) =>
        rows.push(
          Object.assign(
            make("li", { role: "option", part: "option", "aria-selected": "false", dir: "auto" }, ...inside),
            goal,
          ),
        );
      if (found.did_you_mean) row({ q: found.did_you_mean }, `${words.did}: ${found.did_you_mean}`);
      for (const one of found.pinned || [])
        row(
          { url: one.url },
          make("small", {}, words.pinned),
          make("b", {}, one.title),
          make("small", {}, one.summary),
        );
      for (const one of found.suggestions || []) row({ q: one }, make("span", {}, one));
      for (const one of found.near || []) row({ q: one }, `${words.near}: ${one}`);
      for (const hit of found.hits.slice(0, most)) {
        const details = [
          ...hit.authors.map((person) => person.as_written),
          hit.published,
          this.hasAttribute("show-site") && hit.site,
        ]
          .filter(Boolean)
          .join(" · ");
        row(
          { url: hit.url, chosen: true },
          make("b", { part: "title" }, hit.title || hit.url),
          make("small", { part: "details" }, details),
          make("small", { part: "snippet" }, ...marked(hit.snippet, hit.highlights)),
        );
      }
      const total = found.total
        ? found.total === 1
          ? words.one
          : words.many.replace("{n}", found.total)
        : words.none.replace("{q}", q);
      if (found.total > most && !this.index) row({ all: true }, words.all.replace("{n}", found.total));
      for (const [number, item] of rows.entries()) item.id = `${this.list.id}-${number}`;
      this.help.replaceChildren(
        ...(found.total
          ? []
          : [
              `${total}. ${words.fewer}`,
              ...(web(found.no_results_link)
                ? [" · ", make("a", { href: found.no_results_link }, words.ask)]
                : []),
            ]),
      );
      this.help.hidden = !!found.total;
      this.notice.textContent = found.notice || "";
      this.notice.hidden = !found.notice;
      this.topics(found);
      this.list.replaceChildren(...rows);
      this.list.hidden = !rows.length;
      this.options = rows;
      this.open(true);
      this.live.textContent = total;
      this.settle(q, found);
    }

    topics(found) {
      const names = [
        ...(this.topic ? [this.topic] : []),
        ...(found.about || []).filter((name) => name !== this.topic).slice(0, 5),
      ];
      this.chips.hidden = !names.length;
      this.chips.replaceChildren(
        ...names.map((name) => {
          const chip = make(
            "button",
            { type: "button", part: "chip", "aria-pressed": String(name === this.topic) },
            name,
          );
          chip.addEventListener("click", () => {
            this.topic = name === this.topic ? null : name;
            this.search();
          });
          return chip;
        }),
      );
    }

    settle(q, found) {
      clearTimeout(this.settling);
      this.noted = found.noted || "";
      this.settling = setTimeout(() => {
        if (this.noted) this.note({ q });
        if (!this.hasAttribute("deep-link")) return;
        const here = new URL(location);
        here.searchParams.set("q", q);
        history.replaceState(history.state, "", here);
      }, 1500);
      this.dispatchEvent(
        new CustomEvent("clinicdex-search", {
          bubbles: true,
          composed: true,
          detail: { q, total: found.total },
        }),
      );
    }

    note(what) {
      fetch(new URL("searches", this.server), {
        method: "POST",
        keepalive: true,
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(what),
      }).catch(() => {});
    }

    fail() {
      this.clear();
      // Enter leads there; with a form of ours, to the server that does not answer
      const elsewhere = this.form && this.form.action !== this.page;
      this.help.textContent =
        this.live.textContent = `${this.words.down} ${elsewhere ? this.words.onward : this.words.later}`;
      this.help.hidden = false;
      this.chips.hidden = this.list.hidden = this.notice.hidden = true;
      this.open(true);
    }

    clear() {
      clearTimeout(this.settling);
      this.options = [];
      this.list.replaceChildren();
      this.live.textContent = "";
      this.open(false);
    }

    open(wanted) {
      const view = window.visualViewport; // what a keyboard on the screen leaves
      const room = view ? view.offsetTop + view.height - this.input.getBoundingClientRect().bottom - 12 : 0;
      this.panel.style.maxHeight = room > 200 && !this.hasAttribute("inline") ? `min(75vh, ${room}px)` : "";
      this.panel.hidden = !wanted;
      this.input.setAttribute("aria-expanded", String(wanted && this.options.length > 0));
      this.point(-1);
    }

    point(place) {
      this.options[this.at]?.setAttribute("aria-selected", "false");
      this.at = place;
      const option = this.options[place];
      if (!option) return this.input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    key(event) {
      if (event.isComposing) return;
      const count = this.options.length,
        step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && count) {
        event.preventDefault();
        if (this.panel.hidden) this.open(true);
        this.point(this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count);
      } else if (event.key === "Enter" && this.options[this.at]) {
        event.preventDefault();
        this.choose(this.options[this.at], event);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (!this.panel.hidden) this.open(false);
        else this.input.value = "";
      }
    }

    choose(option, event) {
      if (!option) return;
      if (option.q) {
        this.input.value = option.q;
        this.search();
        this.input.focus();
      } else if (option.all) {
        const address = new URL(this.page);
        address.search = new URLSearchParams(this.wanted(this.input.value));
        location.assign(address);
      } else if (web(option.url)) {
        if (option.chosen && this.noted === "clicks") this.note({ q: this.input.value, url: option.url });
        if (event.ctrlKey || event.metaKey || event.button === 1)
          window.open(option.url, "_blank", "noopener");
        else location.assign(option.url);
      }
    }

    jump(event) {
      const from = event.composedPath()[0];
      const typing = from.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(from.tagName || "");
      const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!slash && !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k")) return;
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }
  }
  customElements.define("clinicdex-search", ClinicdexSearch);

  if (script?.dataset.target) {
    // in place of a theme's own forms, which stay inside
    for (const form of document.querySelectorAll(script.dataset.target)) {
      const box = document.createElement("clinicdex-search");
      for (const [name, value] of Object.entries(script.dataset)) {
        if (name === "index") box.dataset.index = value;
        else if (name !== "target")
          box.setAttribute(
            name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
            value,
          );
      }
      const place = document.createComment("");
      form.replaceWith(place);
      box.append(form); // before the box is built
      place.replaceWith(box);
    }
  }
})();
