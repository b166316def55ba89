import { describe, expect, it } from 'vitest';
import {
  begin,
  DEFAULT_POLICY,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-state.ts';
import { WELCOME } from './testing/fake-hub.ts';

/**
 * The table of SPEC.md, cell by cell. The type is total over states × events: a new state or event does
 * not compile until its cells are written here. `-` means that nothing changes.
 */
type EventName = keyof typeof EVENTS;
type Cell = '-' | `${ConnectionState['name']}:${string}`;

const STATES = {
  connecting: { name: 'connecting', attempt: 2 },
  greeting: { name: 'greeting', attempt: 2 },
  online: { name: 'online', attempt: 2, sinceMs: 0 },
  waiting: { name: 'waiting', attempt: 2, retryAtMs: 900, earliestMs: 0 },
  stopped: { name: 'stopped', code: 4401, reason: 'token' },
  closed: { name: 'closed' },
} as const satisfies { readonly [N in ConnectionState['name']]: ConnectionState & { name: N } };

const EVENTS = {
  opened: { type: 'opened' },
  welcomed: { type: 'welcomed', welcome: WELCOME },
  goodbye: { type: 'goodbye', reconnectAfterMs: 3_000 },
  dropped: { type: 'dropped', code: 1006, reason: '' },
  droppedForGood: { type: 'dropped', code: 4401, reason: 'token' },
  broken: { type: 'broken', code: 4000, reason: 'silent' },
  timeout: { type: 'timeout' },
  wake: { type: 'wake' },
  restart: { type: 'restart' },
  close: { type: 'close' },
} as const satisfies Readonly<Record<string, ConnectionEvent>>;

/** Every type of event has a row. */
type Covered = (typeof EVENTS)[EventName]['type'];
const covered: Exclude<ConnectionEvent['type'], Covered> extends never ? true : never = true;

const TABLE: { readonly [S in ConnectionState['name']]: Readonly<Record<EventName, Cell>> } = {
  connecting: {
    opened: 'greeting:disarm arm hello',
    welcomed: '-',
    goodbye: '-',
    dropped: 'waiting:disarm arm',
    droppedForGood: 'stopped:disarm',
    broken: 'waiting:disarm discard arm',
    timeout: 'waiting:disarm discard arm',
    wake: '-',
    restart: 'connecting:disarm discard open arm',
    close: 'closed:disarm discard',
  },
  greeting: {
    opened: '-',
    welcomed: 'online:disarm up',
    goodbye: 'greeting:',
    dropped: 'waiting:disarm arm',
    droppedForGood: 'stopped:disarm',
    broken: 'waiting:disarm discard arm',
    timeout: 'waiting:disarm discard arm',
    wake: '-',
    restart: 'connecting:disarm discard open arm',
    close: 'closed:disarm discard',
  },
  online: {
    opened: '-',
    welcomed: '-',
    goodbye: 'online:',
    dropped: 'waiting:down arm',
    droppedForGood: 'stopped:down',
    broken: 'waiting:down discard arm',
    timeout: '-',
    wake: '-',
    restart: 'connecting:down discard open arm',
    close: 'closed:down discard',
  },
  waiting: {
    opened: '-',
    welcomed: '-',
    goodbye: '-',
    dropped: '-',
    droppedForGood: '-',
    broken: '-',
    timeout: 'connecting:open arm',
    wake: 'connecting:disarm open arm',
    restart: 'connecting:disarm open arm',
    close: 'closed:disarm',
  },
  stopped: {
    opened: '-',
    welcomed: '-',
    goodbye: '-',
    dropped: '-',
    droppedForGood: '-',
    broken: '-',
    timeout: '-',
    wake: '-',
    restart: 'connecting:open arm',
    close: 'closed:',
  },
  closed: {
    opened: '-',
    welcomed: '-',
    goodbye: '-',
    dropped: '-',
    droppedForGood: '-',
    broken: '-',
    timeout: '-',
    wake: '-',
    restart: '-',
    close: '-',
  },
};

const AT = { nowMs: 1_000, jitter: 0.5, policy: DEFAULT_POLICY };

const cells = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, cell]) => [state, event, cell] as const),
);

describe('the transition table', () => {
  it.each(cells)('%s × %s → %s', (stateName, eventName, cell) => {
    const state: ConnectionState = STATES[stateName as ConnectionState['name']];
    const step = transition(state, EVENTS[eventName as EventName], AT);
    if (cell === '-') expect(step).toEqual({ state, effects: [] });
    else expect(`${step.state.name}:${names(step.effects)}`).toBe(cell);
  });

  it('covers every type of event', () => {
    expect(covered).toBe(true);
  });

  it('begins by opening', () => {
    const step = begin(DEFAULT_POLICY);
    expect(`${step.state.name}:${names(step.effects)}`).toBe('connecting:open arm');
  });
});

describe('delays', () => {
  const waitAfter = (state: ConnectionState, event: ConnectionEvent, jitter: number): number => {
    const step = transition(state, event, { ...AT, nowMs: 4_000, jitter });
    expect(step.state.name).toBe('waiting');
    const arm = step.effects.find((effect) => effect.type === 'arm');
    const { retryAtMs } = step.state as Extract<ConnectionState, { name: 'waiting' }>;
    expect(retryAtMs).toBe(4_000 + (arm?.delayMs ?? NaN));
    return arm?.delayMs ?? NaN;
  };
  const dropped = (code: number): ConnectionEvent => ({ type: 'dropped', code, reason: '' });

  it('grow with each failed attempt up to the maximum, with full jitter', () => {
    const delays = [0, 1, 2, 10, 1_000].map((attempt) =>
      waitAfter({ name: 'connecting', attempt }, dropped(1006), 0.5),
    );
    expect(delays).toEqual([250, 500, 1_000, 7_500, 7_500]);
    expect(waitAfter({ name: 'connecting', attempt: 3 }, dropped(1006), 0)).toBe(0);
  });

  it('start over after a stable session, not after a short one', () => {
    const online = { name: 'online', attempt: 6 } as const;
    expect(waitAfter({ ...online, sinceMs: -1_000 }, dropped(1006), 0.5)).toBe(250);
    expect(waitAfter({ ...online, sinceMs: 3_000 }, dropped(1006), 0.5)).toBe(7_500);
  });

  it('honour `later` and what the hub asked for in goodbye', () => {
    const online = { name: 'online', attempt: 0, sinceMs: -9_000 } as const;
    expect(waitAfter(online, dropped(4200), 0)).toBe(DEFAULT_POLICY.laterMs);
    expect(waitAfter({ ...online, goodbyeMs: 3_000 }, dropped(4001), 0)).toBe(3_000);
    expect(waitAfter({ ...online, goodbyeMs: 3_000 }, dropped(4200), 0)).toBe(3_000);
  });

  it('are not cut short by `wake` before the hub’s own time', () => {
    const state = { ...STATES.waiting, earliestMs: 5_000 };
    const wake = (nowMs: number): ConnectionState =>
      transition(state, EVENTS.wake, { ...AT, nowMs }).state;
    expect(wake(4_999)).toBe(state);
    expect(wake(5_000).name).toBe('connecting');
  });
});

function names(effects: readonly ConnectionEffect[]): string {
  return effects.map((effect) => effect.type).join(' ');
}
