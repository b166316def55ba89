/** The text of an `update` behind its `seq`: everything that subscriptions of a channel have in common. */
import { isStaleMarker, type LabelSet, type MetricMetadata } from '@nowcast/model';
import type { SeriesDefinition } from '@nowcast/protocol';
import { SharedText } from '../sessions/frame.ts';

/** What an update says, encoded. Immutable; shared by reference. */
export interface UpdateBody {
  readonly text: SharedText;
  /** Samples told, unchanged ones included. */
  readonly samples: number;
}

/** Samples that share a time, being collected. */
export interface GroupDraft {
  readonly timeMs: number;
  readonly refs: number[];
  readonly values: number[];
  readonly same: number[];
}

export interface UpdateParts {
  readonly history?: boolean | undefined;
  readonly add: readonly SeriesDefinition[];
  readonly groups: readonly GroupDraft[];
  readonly remove: readonly number[];
}

export function encodeUpdateBody({ history, add, groups, remove }: UpdateParts): UpdateBody {
  let samples = 0;
  let text = history === true ? ',"history":true' : '';
  if (add.length > 0) text += `,"add":${JSON.stringify(add)}`;
  text += ',"groups":[';
  for (const [at, group] of groups.entries()) {
    samples += group.refs.length + group.same.length;
    text += at === 0 ? groupText(group) : `,${groupText(group)}`;
  }
  text += ']';
  if (remove.length > 0) text += `,"remove":[${remove.join(',')}]`;
  return { text: new SharedText(`${text}}`), samples };
}

/** What stands before the body; `idText` is the id as JSON. */
export function updatePrefix(idText: string, seq: number): string {
  return `{"type":"update","id":${idText},"seq":${seq}`;
}

export function defineSeries(
  ref: number,
  labels: LabelSet,
  metadata: MetricMetadata | undefined,
): SeriesDefinition {
  const definition: SeriesDefinition = { ref, labels: labels.toRecord() };
  return metadata === undefined ? definition : { ...definition, ...withoutEmpty(metadata) };
}

/** Whole numbers as inclusive ranges, flat: `[3,4,5,9]` becomes `[3,5,9,9]`. Sorts `refs` in place. */
export function toRanges(refs: number[]): number[] {
  refs.sort((a, b) => a - b);
  const ranges: number[] = [];
  for (const ref of refs) {
    const last = ranges.length - 1;
    if (last > 0 && ranges[last] === ref - 1) ranges[last] = ref;
    else ranges.push(ref, ref);
  }
  return ranges;
}

function groupText({ timeMs, refs, values, same }: GroupDraft): string {
  const tail = same.length === 0 ? '' : `,"same":[${toRanges(same).join(',')}]`;
  return `{"timeMs":${timeMs},"refs":[${refs.join(',')}],"values":[${valuesText(values)}]${tail}}`;
}

function valuesText(values: readonly number[]): string {
  let text = '';
  for (const value of values) {
    if (text !== '') text += ',';
    text += valueText(value);
  }
  return text;
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '"-0"' : String(value);
  if (value === Infinity) return '"+Inf"';
  if (value === -Infinity) return '"-Inf"';
  return isStaleMarker(value) ? '"stale"' : '"NaN"';
}

function withoutEmpty({ type, unit, help }: MetricMetadata): MetricMetadata {
  return {
    ...(type === undefined ? {} : { type }),
    ...(unit === undefined || unit === '' ? {} : { unit }),
    ...(help === undefined || help === '' ? {} : { help }),
  };
}
