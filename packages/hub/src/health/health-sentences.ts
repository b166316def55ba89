import { describeCondition } from '@nowcast/model';
import { fromWireValue, type Alert } from '@nowcast/protocol';
import type { AlertBoard } from './alert-board.ts';

/** What is wrong or will be, as sentences for people, the worst first. */
export function healthSentences(board: AlertBoard, nowMs: number): string[] {
  return board
    .list()
    .filter(({ state }) => state === 'firing')
    .toSorted(bySeverity)
    .map((alert) => {
      const facts = { ...alert, value: fromWireValue(alert.value) };
      return describeCondition(facts, 'en', nowMs).summary;
    });
}

function bySeverity(a: Alert, b: Alert): number {
  return Number(b.severity === 'critical') - Number(a.severity === 'critical');
}
