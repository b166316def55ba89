/**
 * Devices come and go, and listing them each second costs more than reading them: a folder of sysfs is
 * listed now and then, a device is opened when it is first seen and closed when it has left.
 */
import type { HostFile } from './host.ts';
import type { SeriesGroup, Slot } from './series-group.ts';

export interface Device {
  sample(nowMs: number): void;
  close(): void;
}

export interface DeviceSetOptions {
  readonly list: () => readonly string[];
  readonly open: (name: string) => Device;
  readonly refreshMs: number;
}

export class DeviceSet {
  readonly #options: DeviceSetOptions;
  readonly #devices = new Map<string, Device>();
  #listedAtMs = -Infinity;

  constructor(options: DeviceSetOptions) {
    this.#options = options;
  }

  /** Samples every device; gives their number. */
  sample(nowMs: number): number {
    // A clock that was set back must not put the next listing off.
    if (Math.abs(nowMs - this.#listedAtMs) >= this.#options.refreshMs) this.#list(nowMs);
    for (const device of this.#devices.values()) device.sample(nowMs);
    return this.#devices.size;
  }

  #list(nowMs: number): void {
    this.#listedAtMs = nowMs;
    const names = new Set(this.#options.list());
    for (const [name, device] of this.#devices) {
      if (names.has(name)) continue;
      device.close();
      this.#devices.delete(name);
    }
    for (const name of names)
      if (!this.#devices.has(name)) this.#devices.set(name, this.#options.open(name));
  }
}

const RETRY_MS = 30_000;

/** A file that holds one number, and the series it becomes. Unreadable means no value, asked again later. */
export class NumberAttribute {
  readonly #file: HostFile;
  readonly #series: SeriesGroup;
  readonly #slot: Slot;
  readonly #convert: (value: number) => number;
  #failedAtMs = -Infinity;

  constructor(
    file: HostFile,
    target: { readonly series: SeriesGroup; readonly slot: Slot },
    convert: (value: number) => number = (value) => value,
  ) {
    this.#file = file;
    this.#series = target.series;
    this.#slot = target.slot;
    this.#convert = convert;
  }

  /** Sets the series; gives the number as it stands in the file, NaN when there is none. */
  sample(nowMs: number): number {
    if (Math.abs(nowMs - this.#failedAtMs) < RETRY_MS) return NaN;
    try {
      const value = this.#file.scanShort().number();
      this.#series.set(this.#slot, this.#convert(value));
      return value;
    } catch {
      // An error costs a hundred times a reading; many attributes fail for as long as a link is down.
      this.#failedAtMs = nowMs;
      return NaN;
    }
  }

  /** Asks again on the next pass, after something has changed that may make the file readable. */
  retry(): void {
    this.#failedAtMs = -Infinity;
  }

  close(): void {
    this.#file.close();
    this.#series.release(this.#slot);
  }
}

/** A device that is nothing but numbers in files. */
export function attributeDevice(attributes: readonly NumberAttribute[]): Device {
  return {
    sample(nowMs) {
      for (const attribute of attributes) attribute.sample(nowMs);
    },
    close() {
      for (const attribute of attributes) attribute.close();
    },
  };
}
