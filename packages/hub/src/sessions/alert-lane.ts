/**
 * The alert lane of one session: a snapshot first, then each change as it happens, numbered without a hole.
 * Nothing here is ever merged or put off.
 */
import type { Alert, Alerts } from '@nowcast/protocol';
import type { AlertBoard } from '../health/alert-board.ts';

export class AlertLane {
  readonly #board: AlertBoard;
  readonly #send: (message: Alerts) => void;
  #seq = 0;
  #stop: (() => void) | undefined;

  constructor(board: AlertBoard, send: (message: Alerts) => void) {
    this.#board = board;
    this.#send = send;
  }

  /** Sends all alerts, and from now on changes. Asked again, it sends all again. */
  watch(): void {
    this.#stop ??= this.#board.listen((alerts) => this.#post(alerts, false));
    this.#post(this.#board.list(), true);
  }

  unwatch(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #post(alerts: readonly Alert[], snapshot: boolean): void {
    this.#seq++;
    this.#send({ type: 'alerts', seq: this.#seq, snapshot, alerts });
  }
}
