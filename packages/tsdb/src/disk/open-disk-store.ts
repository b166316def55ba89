import { mkdirSync } from 'node:fs';
import { CodedError, type SeriesRef } from '@nowcast/model';
import { backgroundClock, type Clock } from '@nowcast/std';
import type { Store, StoreEvent } from '../store.ts';
import type { WalVisitor } from '../wal/wal-decoder.ts';
import { lockDirectory } from './directory-lock.ts';
import { defaultLimits, type DiskLimits } from './disk-limits.ts';
import { DiskStore } from './disk-store.ts';
import { replayWal } from './replay.ts';
import { slices } from './slices.ts';
import { startThreads } from './store-threads.ts';

export interface DiskStoreOptions extends Partial<DiskLimits> {
  /** Made when it is missing. */
  readonly directory: string;
  readonly clock?: Clock | undefined;
  /** Hears of damage, trouble with the disk and recovery. */
  readonly onEvent?: ((event: StoreEvent) => void) | undefined;
}

/**
 * Opens the store in a directory and reads its WAL back.
 * @throws {CodedError} `store-locked`, `store-too-new`, `store-unreadable`; the directory is left as it was.
 */
export async function openDiskStore(options: DiskStoreOptions): Promise<Store> {
  const { directory, clock = backgroundClock, onEvent = () => undefined, ...limits } = options;
  const { release } = prepare(directory);
  let store: DiskStore | undefined;
  const heard = (event: StoreEvent): void => {
    if (event.level === 'error') store?.noteDamage();
    onEvent(event);
  };
  const threads = startThreads(heard);
  try {
    const { walFrom, ...files } = await threads.keeper.call('open', directory);
    const parts = { directory, clock, threads, onEvent, release, limits: withDefaults(limits) };
    store = new DiskStore(parts);
    const outcome = await replayWal(directory, {
      from: walFrom,
      visitor: restorer(store, clock),
      pause: slices(),
      onEvent: heard,
    });
    store.continueWal(outcome.nextSegment);
    await store.housekeeping.start(files, outcome.bytes);
    return store;
  } catch (error) {
    await Promise.all(Object.values(threads).map((thread) => thread.terminate()));
    release();
    throw error;
  }
}

/** Puts what the WAL says back into the head, under new refs. */
function restorer(store: DiskStore, clock: Clock): WalVisitor {
  const refs = new Map<number, SeriesRef>();
  return {
    series: (ref, labels) => refs.set(ref, store.table.ref(labels, clock.nowMs(), false)),
    metadata: (metric, metadata) => store.restoreMetadata(metric, metadata),
    row: (old, timeMs, values) => {
      const known = Uint32Array.from(old, (ref) => refs.get(ref) ?? LOST_REF);
      if (!known.includes(LOST_REF)) store.restore(known, timeMs, values);
    },
  };
}

/** Marks a ref whose definition was in a damaged frame. */
const LOST_REF = 0xffffffff;

function withDefaults(given: Partial<DiskLimits>): DiskLimits {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultLimits, ...(Object.fromEntries(set) as Partial<DiskLimits>) };
}

function prepare(directory: string): { readonly release: () => void } {
  try {
    mkdirSync(directory, { recursive: true });
    return lockDirectory(directory);
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError('store-unreadable', `${directory} cannot be used as a store: ${reason}`, {
      cause,
    });
  }
}
