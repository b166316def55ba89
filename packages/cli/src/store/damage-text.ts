import type { Damage, RepairReport, VerifyReport } from '@nowcast/hub/store';
import { formatNumber } from '../tail/number-text.ts';
import type { TextStyle } from '../text-style.ts';
import { printable } from '../text-width.ts';

export function formatVerify(report: VerifyReport, style: TextStyle): string {
  const { damage, files, bytes, checks } = report;
  const checked = `${files} files, ${formatNumber(bytes, 'bytes')}, ${checks} checksums`;
  if (damage.length === 0) return `${style.green('✓')} All sound: ${checked}\n`;
  const count = `${damage.length} damaged part${damage.length === 1 ? '' : 's'}`;
  const next = 'nowcast store repair saves what can be read; stop the hub first.';
  return `${style.red('✗')} ${count} found in ${checked}\n${lines(damage, style)}\n${next}\n`;
}

export function formatRepair(report: RepairReport, style: TextStyle): string {
  const { damage, keptIn, samples } = report;
  if (keptIn === undefined) return `${style.green('✓')} Nothing is damaged; nothing was changed\n`;
  const saved = `${style.green('✓')} Repaired: ${samples} samples in blocks saved. Lost:`;
  const kept = `The damaged store is kept, unchanged, in ${keptIn}`;
  return `${saved}\n${lines(damage, style)}\n${kept}\n`;
}

function lines(damage: readonly Damage[], style: TextStyle): string {
  return damage
    .map(({ file, reason, held }) => {
      const name = style.bold(file);
      return `\n  ${name}  ${printable(reason)}\n    ${style.dim('held')} ${printable(held)}\n`;
    })
    .join('');
}
