import { afterEach, expect, it, vi } from 'vitest';
import { untilSignal } from './shutdown.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
});

it('ends properly on the first signal and at once on the second', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const signal = untilSignal();
  process.emit('SIGTERM', 'SIGTERM');
  await signal;
  expect(exit).not.toHaveBeenCalled();
  process.emit('SIGINT', 'SIGINT');
  expect(exit).toHaveBeenCalledWith(1);
});
