import type { VNode } from 'preact';
import type { ProcessRow, ProcessSummary } from '../derive/processes.ts';
import { format, t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/en.ts';
import type { FeedsProps } from './tile-props.ts';
import { Tile } from './tile.tsx';
import './processes-tile.css';

/** Who uses the machine: the busiest and the largest processes, and how many are in which state. */
export function ProcessesTile({ feeds: { processes } }: FeedsProps): VNode {
  const summary = processes.value.value;
  return (
    <Tile
      topic="processes"
      title={t('process.title')}
      stream={processes.stream}
      feeds={[processes]}
      size="full"
      lead={summary && <Counts summary={summary} />}
    >
      <div class="process-tables">
        <ProcessTable caption={t('process.byCpu')} rows={summary?.byCpu ?? []} lead="cpu" />
        <ProcessTable
          caption={t('process.byMemory')}
          rows={summary?.byMemory ?? []}
          lead="memory"
        />
      </div>
    </Tile>
  );
}

function Counts({ summary }: { readonly summary: ProcessSummary }): VNode {
  const { integer } = format.value;
  return (
    <p class="process-counts">
      <b>
        {t('process.total', { count: integer(summary.count), threads: integer(summary.threads) })}
      </b>
      {summary.states.map(({ state, count }) => (
        <span key={state} class={state === 'Z' || state === 'D' ? 'notable' : ''}>
          {integer(count)} {stateName(state)}
        </span>
      ))}
    </p>
  );
}

const STATES = ['R', 'S', 'D', 'Z', 'T', 'I'] as const;

function stateName(state: string): string {
  const known = STATES.find((one) => one === state);
  return known === undefined ? state : t(`process.state.${known}` satisfies MessageKey);
}

interface TableProps {
  readonly caption: string;
  readonly rows: readonly ProcessRow[];
  readonly lead: 'cpu' | 'memory';
}

function ProcessTable({ caption, rows, lead }: TableProps): VNode {
  const { text } = format.value;
  return (
    <table class="data-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('process.name')}</th>
          <th scope="col" class="optional">
            {t('process.user')}
          </th>
          <th scope="col" class="optional">
            {t('process.pid')}
          </th>
          <th scope="col">{t('process.cpu')}</th>
          <th scope="col">{t('process.memory')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 && (
          <tr>
            <td colSpan={5} class="quiet">
              {t('process.none')}
            </td>
          </tr>
        )}
        {rows.map((row) => (
          <tr key={row.pid}>
            <th scope="row" class="name" title={row.name}>
              {row.name}
            </th>
            <td class="quiet optional">{row.user}</td>
            <td class="quiet optional">{row.pid}</td>
            <td class={lead === 'cpu' ? 'leading' : ''}>{text(row.cpu, 'ratio')}</td>
            <td class={lead === 'memory' ? 'leading' : ''}>{text(row.memoryBytes, 'bytes')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
