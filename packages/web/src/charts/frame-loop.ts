/** Something on the page that follows live data. */
export interface Drawable {
  /** Shows what is new; called once per frame at most, and only while it is on screen. */
  draw(): void;
}

/**
 * One animation frame for everything that moves. However many samples arrive and however many charts show
 * them, a frame is asked for once, and what is off screen is not drawn. A hidden tab gets no frames.
 */
export class FrameLoop {
  readonly #requestFrame: (callback: () => void) => unknown;
  /** How many places show each. */
  readonly #shown = new Map<Drawable, number>();
  #requested = false;

  constructor(requestFrame: (callback: () => void) => unknown) {
    this.#requestFrame = requestFrame;
  }

  /** Something changed: draw before the next paint. */
  request(): void {
    if (this.#requested) return;
    this.#requested = true;
    this.#requestFrame(() => {
      this.#requested = false;
      for (const drawable of this.#shown.keys()) drawable.draw();
    });
  }

  show(drawable: Drawable): void {
    this.#shown.set(drawable, (this.#shown.get(drawable) ?? 0) + 1);
    this.request();
  }

  /** Takes back one `show`. */
  hide(drawable: Drawable): void {
    const left = (this.#shown.get(drawable) ?? 0) - 1;
    if (left > 0) this.#shown.set(drawable, left);
    else this.#shown.delete(drawable);
  }
}
