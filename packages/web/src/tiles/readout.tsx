import type { VNode } from 'preact';
import { extentOf } from '../derive/columns.ts';
import { format, t } from '../i18n/language.ts';
import type { Unit } from '../i18n/format.ts';
import { windowMinutes } from '../state/preferences.ts';

export interface ReadoutProps {
  readonly value: number;
  readonly unit: Unit;
  readonly testId?: string | undefined;
}

/** A large number with its unit in small. */
export function Readout({ value, unit, testId }: ReadoutProps): VNode {
  const { number, unit: suffix } = format.value.quantity(value, unit);
  return (
    <span class="readout" data-testid={testId}>
      {number}
      {suffix !== '' && <small>{suffix}</small>}
    </span>
  );
}

export interface RangeNoteProps {
  readonly values: Float64Array;
  readonly unit: Unit;
}

/** Lowest and highest value of the time shown, as a sentence. */
export function RangeNote({ values, unit }: RangeNoteProps): VNode {
  const { min, max } = extentOf(values);
  const { text, duration } = format.value;
  return (
    <span class="readout-note">
      {t('tile.range', {
        min: text(min, unit),
        max: text(max, unit),
        window: duration(windowMinutes.value * 60),
      })}
    </span>
  );
}
