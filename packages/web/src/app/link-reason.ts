import type { MessageKey } from '../i18n/en.ts';
import { t } from '../i18n/language.ts';
import type { LinkState } from '../state/live-source.ts';

/** Close codes whose meaning does not depend on what the hub adds. */
const TEXTS: Readonly<Record<number, MessageKey>> = {
  1006: 'link.reason.none',
  4000: 'link.reason.silent',
  4001: 'link.reason.restart',
  4002: 'link.reason.slow',
  4200: 'link.reason.overloaded',
  4201: 'link.reason.rate',
  4401: 'link.reason.unauthorized',
  4403: 'link.reason.forbidden',
  4406: 'link.reason.version',
};

/** Why the last connection ended, in the reader's language where it is known, else in the hub's words. */
export function linkReason({ code, reason }: LinkState): string {
  const known = code === undefined ? undefined : TEXTS[code];
  if (known !== undefined) return t(known);
  if (reason !== undefined && reason !== '') return reason;
  return code === undefined ? t('link.reason.none') : t('link.reason.code', { code });
}
