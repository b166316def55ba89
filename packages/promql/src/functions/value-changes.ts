/** changes() and resets(): counted once per series, read as differences per window. */
import type { RangeKernel } from './range-kernel.ts';

export const changes: RangeKernel = countEvents(
  (previous, current) => current !== previous && !(Number.isNaN(current) && Number.isNaN(previous)),
);

export const resets: RangeKernel = countEvents((previous, current) => current < previous);

function countEvents(isEvent: (previous: number, current: number) => boolean): RangeKernel {
  return ({ values, windows }, output) => {
    const upTo = new Int32Array(values.length);
    for (let at = 1; at < values.length; at++) {
      const happened = isEvent(values[at - 1] as number, values[at] as number);
      upTo[at] = (upTo[at - 1] as number) + (happened ? 1 : 0);
    }
    for (let step = 0; step < output.values.length; step++) {
      const from = windows.from[step] as number;
      const to = windows.to[step] as number;
      if (to <= from) continue;
      output.values[step] = (upTo[to - 1] as number) - (upTo[from] as number);
      output.present[step] = 1;
    }
  };
}
