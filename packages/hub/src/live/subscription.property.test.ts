/**
 * Whatever happens to series and to a subscription, in whatever order: what its client knows, by the rules of the
 * protocol alone, is what the hub knows, and nothing is told twice.
 */
import { LabelSet, STALE_NAN } from '@nowcast/model';
import { SessionDecoder, type Update } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { SubscriberView } from '@nowcast/testkit';
import { openMemoryStore } from '@nowcast/tsdb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BinaryMessage } from '../sessions/binary-message.ts';
import { HubMetrics } from '../metrics/hub-metrics.ts';
import { DEFAULT_LIVE } from '../options.ts';
import { LiveLayer } from './live-layer.ts';
import { Subscription, type SubscriptionError, type UpdateSink } from './subscription.ts';
import type { UpdateBody } from './update-text.ts';

const SERIES = 6;
const labelsOf = (at: number): LabelSet =>
  LabelSet.from({ __name__: at % 2 === 0 ? 'a' : 'b', k: String(at) });

class Client implements UpdateSink {
  readonly view: SubscriberView = new SubscriberView();
  readonly #decoder = new SessionDecoder();
  readonly #isBinary: boolean;
  congested: boolean = false;

  constructor(isBinary: boolean) {
    this.#isBinary = isBinary;
    this.#decoder.decode(JSON.stringify({ type: 'subscribed', id: 's', number: 1 }));
  }

  nextNumber(): number | undefined {
    return this.#isBinary ? 1 : undefined;
  }

  binaryUpdate({ bytes }: BinaryMessage): void {
    for (const update of this.#decoder.decode(bytes)) this.view.apply(update as Update);
  }

  update(text: string, body: UpdateBody): void {
    const json = text + body.text.plain.toString();
    this.view.apply(JSON.parse(json) as Update);
  }

  skipped(): void {
    expect(this.congested).toBe(true);
  }

  reply(): void {}

  replyError({ message }: SubscriptionError): void {
    throw new Error(message);
  }
}

interface Step {
  readonly kind:
    | 'sample'
    | 'correction'
    | 'stale'
    | 'flush'
    | 'idle'
    | 'hide'
    | 'show'
    | 'congest'
    | 'drain';
  readonly series: number;
  readonly value: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('sample' as const) },
    { weight: 2, arbitrary: fc.constant('correction' as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom('stale', 'flush', 'idle', 'hide', 'show', 'congest', 'drain'),
    },
  ),
  series: fc.nat({ max: SERIES - 1 }),
  value: fc.oneof(fc.nat({ max: 3 }), fc.double({ noDefaultInfinity: true, noNaN: true })),
});

const cases = [
  ['every sample', {}, 'a'],
  ['merged', { minIntervalMs: 200 }, '{k=~".+"}'],
  ['rounded', { digits: 2 }, '{__name__=~"a|b"}'],
] as const;
const encodings = [false, true].flatMap((isBinary) =>
  cases.map((one) => [isBinary ? 'binary' : 'text', ...one] as const),
);

test.each(encodings)(
  '%s, %s: the client knows what the hub knows',
  (encoding, _, contract, query) => {
    const isBinary = encoding === 'binary';
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock();
        using store = syncDisposable(clock);
        const live = new LiveLayer({
          clock,
          timing: DEFAULT_LIVE,
          metrics: new HubMetrics(),
          queryable: store.store,
          historySamplesMax: 1,
        });
        for (let ref = 0; ref < SERIES; ref++) live.registry.register(ref, labelsOf(ref));
        const client = new Client(isBinary);
        const selection = live.selection(query);
        const subscription = new Subscription('s', selection, contract, client);
        subscription.resume();
        for (const one of steps) {
          clock.advance(1);
          perform(one, { live, client, subscription, clock, contract });
        }
        client.congested = false;
        subscription.setContract(contract);
        subscription.resume();
        clock.advance(1_000);
        const expected: Record<string, number> = {};
        for (let ref = 0; ref < SERIES; ref++) {
          const labels = labelsOf(ref);
          if (!live.registry.isLive(ref) || (query === 'a' && labels.metric !== 'a')) continue;
          const value = live.registry.value(ref);
          const { digits } = contract as { digits?: number };
          const precise = digits === undefined ? value : Number(value.toPrecision(digits));
          expected[`${labels.metric} ${labels.get('k')}`] = precise;
        }
        expect(client.view.values).toEqual(expected);
        subscription.close();
        live.close();
        expect(live.selectionCount).toBe(0);
        expect(clock.pending).toBe(1);
      }),
      { numRuns: 300 },
    );
  },
);

interface Stage {
  readonly live: LiveLayer;
  readonly client: Client;
  readonly subscription: Subscription;
  readonly clock: FakeClock;
  readonly contract: object;
}

function perform({ kind, series, value }: Step, stage: Stage): void {
  const { live, client, subscription, clock, contract } = stage;
  switch (kind) {
    case 'sample':
      return live.registry.observe(clock.nowMs(), [series], Float64Array.of(value));
    case 'correction': {
      const newestMs = live.registry.timeMs(series);
      if (!Number.isNaN(newestMs))
        live.registry.observe(newestMs, [series], Float64Array.of(value));
      return undefined;
    }
    case 'stale':
      return live.registry.observe(clock.nowMs(), [series], Float64Array.of(STALE_NAN));
    case 'flush':
      return clock.advance(250);
    case 'idle':
      return clock.advance(310_000);
    case 'hide':
      return subscription.setContract({ ...contract, visible: false });
    case 'show':
      subscription.setContract(contract);
      return subscription.resume();
    case 'congest':
      client.congested = true;
      return undefined;
    case 'drain':
      client.congested = false;
      return subscription.resume();
  }
}

/** A store of the test's clock; its sweep is the one timer that stays. */
function syncDisposable(clock: FakeClock): Disposable & {
  readonly store: ReturnType<typeof openMemoryStore>;
} {
  const store = openMemoryStore({ clock });
  return { store, [Symbol.dispose]: () => void store.close() };
}
