import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  begin,
  DEFAULT_POLICY,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-state.ts';
import { WELCOME } from './testing/fake-hub.ts';

/** What the effects leave behind: the world of the driver, reduced to what the invariants speak of. */
class World {
  sockets = 0;
  timers = 0;
  up = false;

  perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        expect(this.sockets, 'I1: at most one socket').toBe(0);
        this.sockets++;
        return;
      case 'discard':
        expect(this.sockets, 'only a socket that exists is discarded').toBe(1);
        this.sockets--;
        return;
      case 'arm':
        expect(this.timers, 'I2: at most one timer').toBe(0);
        expect(effect.delayMs).toBeGreaterThanOrEqual(0);
        this.timers++;
        return;
      case 'disarm':
        this.timers = 0;
        return;
      case 'up':
        expect(this.up, 'I3: up and down alternate').toBe(false);
        this.up = true;
        return;
      case 'down':
        expect(this.up, 'I3: up and down alternate').toBe(true);
        this.up = false;
        return;
      case 'hello':
        expect(this.sockets).toBe(1);
    }
  }

  /** A timer that ran out, a socket that closed, are gone before the machine hears of it. */
  before(event: ConnectionEvent): boolean {
    if (event.type === 'timeout') {
      if (this.timers === 0) return false;
      this.timers--;
    }
    if (event.type === 'dropped') {
      if (this.sockets === 0) return false;
      this.sockets--;
    }
    const needsSocket = ['opened', 'welcomed', 'goodbye', 'broken'].includes(event.type);
    return !needsSocket || this.sockets === 1;
  }

  check(state: ConnectionState): void {
    const { name } = state;
    const withSocket = name === 'connecting' || name === 'greeting' || name === 'online';
    const withTimer = name === 'connecting' || name === 'greeting' || name === 'waiting';
    expect(this.sockets, `I1 in ${name}`).toBe(withSocket ? 1 : 0);
    expect(this.timers, `I2 in ${name}`).toBe(withTimer ? 1 : 0);
    expect(this.up, `I3 in ${name}`).toBe(name === 'online');
  }
}

const code = fc.constantFrom(1000, 1006, 1009, 1013, 4000, 4001, 4200, 4401);
const events: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constant({ type: 'opened' } as const),
  fc.constant({ type: 'welcomed', welcome: WELCOME } as const),
  fc.record({
    type: fc.constant('goodbye' as const),
    reconnectAfterMs: fc.option(fc.nat(60_000), { nil: undefined }),
  }),
  fc.record({ type: fc.constant('dropped' as const), code, reason: fc.constant('') }),
  fc.constant({ type: 'broken', code: 4000, reason: '' } as const),
  fc.constant({ type: 'timeout' } as const),
  fc.constant({ type: 'wake' } as const),
  fc.constant({ type: 'restart' } as const),
  fc.constant({ type: 'close' } as const),
);

it('keeps its invariants whatever happens', () => {
  const moments = fc.record({
    event: events,
    passedMs: fc.nat(20_000),
    jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(moments, { maxLength: 60 }), (script) => {
      const world = new World();
      let { state, effects } = begin(DEFAULT_POLICY);
      for (const effect of effects) world.perform(effect);
      world.check(state);
      let nowMs = 0;
      for (const { event, passedMs, jitter } of script) {
        nowMs += passedMs;
        if (!world.before(event)) continue;
        const before = state;
        ({ state, effects } = transition(state, event, { nowMs, jitter, policy: DEFAULT_POLICY }));
        for (const effect of effects) world.perform(effect);
        world.check(state);
        if (before.name === 'closed') expect(state, 'I4: closed is final').toBe(before);
        if (before.name === 'stopped' && event.type !== 'restart' && event.type !== 'close')
          expect(state, 'I5: stopped waits for its user').toBe(before);
      }
    }),
    { numRuns: 500 },
  );
});

it('always comes back: from any waiting state the timer leads to a new attempt', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(60_000), (attempt, earliestMs) => {
      const waiting: ConnectionState = { name: 'waiting', attempt, retryAtMs: 0, earliestMs };
      const at = { nowMs: 0, jitter: 0, policy: DEFAULT_POLICY };
      expect(transition(waiting, { type: 'timeout' }, at).state.name).toBe('connecting');
    }),
  );
});
