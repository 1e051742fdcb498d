// /embed-modal.js: the search in a dialog that opens with Ctrl-K or ⌘K, for pages without room for a box.
//
// <xiesou-search-modal><xiesou-search …></xiesou-search></xiesou-search-modal>, and <button data-xiesou-open> anywhere.

class XiesouSearchModal extends (globalThis.HTMLElement ?? Object) {
  #dialog = document.createElement("dialog");
  #living = null;

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#living?.abort();
    const { signal } = (this.#living = new AbortController());
    addEventListener("keydown", (event) => this.#hear(event), { signal });
    document.addEventListener("click", (event) => event.target.closest?.("[data-xiesou-open]") && this.open(), { signal });
  }

  disconnectedCallback() {
    this.#living.abort();
    this.#dialog.close();
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.querySelector("xiesou-search")?.focus();
  }

  close() {
    this.#dialog.close();
  }

  // hotkey="k" without an attribute; hotkey="" for none
  #hear(event) {
    const key = this.getAttribute("hotkey") ?? "k";
    if (!key || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== key) return;
    event.preventDefault();
    if (this.#dialog.open) this.close();
    else this.open();
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      dialog { box-sizing: border-box; width: min(60rem, 100vw - 2rem); height: min(46rem, 100dvh - 2rem); margin: auto; padding: 1rem; border: 0;
        border-radius: 8px; background: var(--xiesou-paper, Canvas); color: CanvasText; color-scheme: light dark; overflow: auto; overscroll-behavior: contain; }
      dialog::backdrop { background: #0008; }
    `);
    root.adoptedStyleSheets[root.adoptedStyleSheets.length] = sheet;
    this.#dialog.setAttribute("part", "dialog");
    this.#dialog.setAttribute("aria-label", this.getAttribute("label") || "检索报告");
    this.#dialog.append(document.createElement("slot"));
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.close());
    root.append(this.#dialog);
  }
}

if (globalThis.customElements && !customElements.get("xiesou-search-modal")) customElements.define("xiesou-search-modal", XiesouSearchModal);
