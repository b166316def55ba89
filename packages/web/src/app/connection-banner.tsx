import type { VNode } from 'preact';
import { format, t } from '../i18n/language.ts';
import type { Overview } from '../state/overview.ts';
import { staleAfterMs } from '../tiles/freshness.ts';
import { linkReason } from './link-reason.ts';
import { useOverview } from './overview-context.ts';

/** Says when what is shown is not the present: why, since when, and what happens next. */
export function ConnectionBanner(): VNode | null {
  const overview = useOverview();
  const newestMs = overview.view.value?.newestMs ?? -Infinity;
  const ageMs = overview.nowMs.value - newestMs;
  const { phase, attempts } = overview.link.value;
  const shown = Number.isFinite(newestMs);
  if (phase === 'live') {
    if (!shown || ageMs <= staleAfterMs(1_000)) return null;
    return (
      <div class="link-banner" role="status" data-testid="banner">
        <b>{t('link.silent', { time: format.value.duration(ageMs / 1000) })}</b>
      </div>
    );
  }
  // The first attempt is told by the page's loading state.
  if (phase === 'connecting' && attempts === 0 && !shown) return null;
  return (
    <div class="link-banner" data-testid="banner">
      <b role="status">{causeText(overview)}</b>
      <span>{nextText(overview)}</span>
      {shown && <span>{t('link.frozen', { time: format.value.clock(newestMs) })}</span>}
      {phase !== 'connecting' && (
        <button type="button" class="button" onClick={() => overview.retryNow()}>
          {t('link.retryNow')}
        </button>
      )}
    </div>
  );
}

function causeText({ link }: Overview): string {
  const reason = linkReason(link.value);
  return t(link.value.phase === 'stopped' ? 'link.stoppedReason' : 'link.lostReason', { reason });
}

function nextText(overview: Overview): string {
  const { phase, retryAtMs } = overview.link.value;
  if (phase === 'stopped') return '';
  if (phase === 'connecting' || retryAtMs === undefined) return t('link.retrying');
  const seconds = Math.ceil((retryAtMs - overview.localNowMs()) / 1000);
  return seconds > 0
    ? t('link.retryIn', { time: format.value.duration(seconds) })
    : t('link.retrying');
}
