export {};

export class XiesouSearchModal extends HTMLElement {
  open(): void;
  close(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "xiesou-search-modal": XiesouSearchModal;
  }
}
