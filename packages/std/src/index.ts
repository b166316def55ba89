export { assert, assertNever, AssertionError, must } from './assert.ts';
export { Backoff, type BackoffOptions } from './backoff.ts';
export { backgroundClock, systemClock, type Clock, type Timer } from './clock.ts';
export { deferred, type Deferred } from './deferred.ts';
export { RingBuffer } from './ring-buffer.ts';
