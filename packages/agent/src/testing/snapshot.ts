import { systemClock, type Clock } from '@nowcast/std';
import { isStaleMarker, type LabelSet } from '@nowcast/model';
import type { Batch, SeriesDefinition } from '../batch.ts';
import type { CollectorModule } from '../collector.ts';
import type { HostPaths } from '../host.ts';
import { Sampler } from '../sampler.ts';

/** Follows batches as a receiver does: what is alive, under which labels, with which value. */
export class Follower {
  readonly definitions: Map<number, SeriesDefinition> = new Map();
  readonly current: Map<number, number> = new Map();
  readonly batches: Batch[] = [];
  /** Ref of everything that ever ended. */
  readonly ended: Set<number> = new Set();

  publish(batch: Batch): void {
    this.batches.push(batch);
    for (const definition of batch.newSeries) this.definitions.set(definition.ref, definition);
    for (const [at, ref] of batch.refs.entries()) {
      const value = batch.values[at] as number;
      if (!this.definitions.has(ref)) throw new Error(`ref ${ref} was never announced`);
      if (this.ended.has(ref)) throw new Error(`ref ${ref} was used after its end`);
      if (isStaleMarker(value)) {
        this.ended.add(ref);
        this.current.delete(ref);
      } else this.current.set(ref, value);
    }
  }

  /** Live values by the text form of their labels. */
  values(): Map<string, number> {
    return new Map(
      [...this.current].map(([ref, value]) => [String(this.labelsOf(ref)), value] as const),
    );
  }

  labelsOf(ref: number): LabelSet {
    const definition = this.definitions.get(ref);
    if (definition === undefined) throw new Error(`ref ${ref} was never announced`);
    return definition.labels;
  }
}

/** One tick of the given collectors. */
export function sampleOnce(
  collectors: readonly CollectorModule[],
  paths: Partial<HostPaths> = {},
  clock: Clock = systemClock,
): Follower {
  const sink = new Follower();
  const sampler = new Sampler({ clock, sink, collectors, paths });
  sampler.start();
  sampler.stop();
  return sink;
}
