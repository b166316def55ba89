/** An `update` behind its `seq`: everything that subscriptions of a channel have in common. */
import { isStaleMarker, type LabelSet, type MetricMetadata } from '@nowcast/model';
import {
  BodyEncoder,
  type BinaryBody,
  type SampleGroup,
  type SeriesDefinition,
  type UpdateParts,
} from '@nowcast/protocol';
import { SharedText } from '../sessions/frame.ts';
import type { Broadcast } from './channel-wire.ts';

/** Samples that share a time, being collected. */
export interface GroupDraft {
  readonly timeMs: number;
  readonly refs: number[];
  readonly values: number[];
  readonly same: number[];
}

export type { UpdateParts };

/** What an update says. Immutable and shared by reference; each encoding is made once, when first asked for. */
export class UpdateBody {
  readonly parts: UpdateParts;
  /** Samples told, unchanged ones included. */
  readonly samples: number;
  /** As all who follow the channel get it, in the binary encoding. */
  broadcast: Broadcast | undefined;
  #whole: BinaryBody | undefined;
  #text: SharedText | undefined;

  constructor(parts: UpdateParts) {
    this.parts = parts;
    let samples = 0;
    for (const { refs, same } of parts.groups) samples += refs.length + same.length;
    this.samples = samples;
  }

  get isEmpty(): boolean {
    const { add, groups, remove } = this.parts;
    return add.length + groups.length + remove.length === 0;
  }

  /** In the binary encoding, for who need not know anything that was told before. */
  get whole(): BinaryBody {
    this.#whole ??= new BodyEncoder(this.parts.groups[0]?.timeMs ?? 0).encode(this.parts);
    return this.#whole;
  }

  get text(): SharedText {
    this.#text ??= new SharedText(bodyText(this.parts));
    return this.#text;
  }
}

export function encodeUpdateBody(parts: UpdateParts): UpdateBody {
  return new UpdateBody(parts);
}

function bodyText({ history, add, groups, remove }: UpdateParts): string {
  let text = history === true ? ',"history":true' : '';
  if (add.length > 0) text += `,"add":${JSON.stringify(add)}`;
  text += ',"groups":[';
  for (const [at, group] of groups.entries())
    text += at === 0 ? groupText(group) : `,${groupText(group)}`;
  text += ']';
  if (remove.length > 0) text += `,"remove":[${remove.join(',')}]`;
  return `${text}}`;
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

/** Whole numbers as inclusive ranges, flat: `[3,4,5,9]` becomes `[3,5,9,9]`. */
export function toRanges(refs: readonly number[]): number[] {
  const ranges: number[] = [];
  for (const ref of refs.toSorted((a, b) => a - b)) {
    const last = ranges.length - 1;
    if (last > 0 && ranges[last] === ref - 1) ranges[last] = ref;
    else ranges.push(ref, ref);
  }
  return ranges;
}

function groupText({ timeMs, refs, values, same }: SampleGroup): string {
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
