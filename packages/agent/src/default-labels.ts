import { hostname } from 'node:os';
import type { LabelRecord } from '@nowcast/model';

/** What tells the series of this machine from those of others. */
export function defaultLabels(): LabelRecord {
  return { job: 'node', instance: hostname() };
}
