/* A search box for any page: <script src="https://YOUR-SERVER/clinicdex-search.js" defer></script><clinicdex-search></clinicdex-search>
   Results come as text nodes, never as markup. Without JavaScript put a <form action="…/search"><input name="q"></form> inside. */
(() => {
  const server = new URL(document.currentScript.src).origin;
  const style = `:host{display:block;font:inherit}input{box-sizing:border-box;width:100%;min-height:44px;font:inherit;padding:.5em}
ul{list-style:none;margin:0;padding:0}a{display:block;padding:.6em;color:inherit}a:focus,a:hover{outline:2px solid}small{display:block;opacity:.8}`;
  const element = (name, text, attributes = {}) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.textContent = text;
    return made;
  };

  class ClinicdexSearch extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      this.input = element("input", "", { type: "search", placeholder: this.getAttribute("placeholder") || "Search" });
      this.input.setAttribute("aria-label", this.input.placeholder);
      this.status = element("p", "", { role: "status" });
      this.list = element("ul", "");
      root.append(element("style", style), this.input, this.status, this.list);
      this.input.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), 150);
      });
    }

    async search() {
      const asked = this.input.value.trim();
      this.open?.abort();
      this.open = new AbortController();
      if (!asked) return this.show([], "");
      try {
        const answer = await fetch(`${server}/search.json?q=${encodeURIComponent(asked)}`, { signal: this.open.signal });
        if (!answer.ok) throw new Error(answer.status);
        const found = await answer.json();
        this.show(found.hits, found.total ? `${found.total} found` : "Nothing found");
      } catch (error) {
        if (error.name !== "AbortError") this.show([], "Search is not available just now");
      }
    }

    show(hits, message) {
      this.status.textContent = message;
      this.list.replaceChildren(...hits.map((hit) => {
        const link = element("a", hit.title);
        if (/^https?:/.test(hit.url)) link.href = hit.url;
        link.append(element("small", hit.snippet));
        const item = element("li", "");
        item.append(link);
        return item;
      }));
    }
  }
  customElements.define("clinicdex-search", ClinicdexSearch);
})();
