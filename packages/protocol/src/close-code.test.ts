import { expect, it } from 'vitest';
import { CloseCode, verdictOf } from './close-code.ts';

it('every close code says what comes next', () => {
  const verdicts = Object.fromEntries(
    Object.entries(CloseCode).map(([name, code]) => [name, verdictOf(code)]),
  );
  expect(verdicts).toEqual({
    HEARTBEAT_TIMEOUT: 'reconnect',
    GOING_AWAY: 'reconnect',
    TOO_SLOW: 'reconnect',
    OVERLOADED: 'later',
    RATE_LIMITED: 'later',
    BAD_MESSAGE: 'stop',
    UNAUTHORIZED: 'stop',
    FORBIDDEN: 'stop',
    UNSUPPORTED_VERSION: 'stop',
    HELLO_TIMEOUT: 'stop',
    OUT_OF_ORDER: 'stop',
    UNSUPPORTED_DATA: 'stop',
  });
});

it.each([
  [1000, 'reconnect'],
  [1001, 'reconnect'],
  [1006, 'reconnect'],
  [1009, 'stop'],
  [1013, 'later'],
] as const)('%i is %s', (code, verdict) => {
  expect(verdictOf(code)).toBe(verdict);
});
