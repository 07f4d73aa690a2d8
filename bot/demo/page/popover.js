// @ts-check
/** A panel that a button opens over the page: Esc, a press outside and leaving it close it. */

/** @type {Set<Popover>} */
const open = new Set();

export class Popover {
  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} panel
   * @param {{onOpen?: () => void}} [how]
   */
  constructor(button, panel, how = {}) {
    this.button = button;
    this.panel = panel;
    this.how = how;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", panel.id);
    panel.hidden = true;
    panel.tabIndex = -1;
    button.addEventListener("click", () => this.toggle());
    panel.addEventListener("focusout", (event) => this.#left(event));
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    for (const other of [...open]) other.close();
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    open.add(this);
    this.how.onOpen?.();
    const first = this.panel.querySelector("[data-first], button, input");
    if (first instanceof HTMLElement) first.focus();
    else this.panel.focus();
  }

  /** @param {{back?: boolean}} [how] `back`: the focus returns to the button */
  close({ back = false } = {}) {
    if (!this.isOpen) return;
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    open.delete(this);
    if (back) this.button.focus();
  }

  /** @param {FocusEvent} event */
  #left(event) {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || this.panel.contains(to) || this.button.contains(to)) return;
    this.close();
  }
}

document.addEventListener("pointerdown", (event) => {
  if (!(event.target instanceof Node)) return;
  for (const one of [...open]) {
    if (!one.panel.contains(event.target) && !one.button.contains(event.target)) one.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const one of [...open]) {
    event.preventDefault();
    one.close({ back: true });
  }
});
