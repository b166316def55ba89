/** Numbers of channels, from 1, kept small: a number given back is the next one taken. */
export class ChannelNumbers {
  readonly #free: number[] = [];
  #taken = 0;

  take(): number {
    return this.#free.pop() ?? ++this.#taken;
  }

  giveBack(number: number): void {
    this.#free.push(number);
  }
}
