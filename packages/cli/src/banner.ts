/** What `nowcast up` says once it listens. */
import { SENTENCES, type Language } from './locale.ts';
import type { TextStyle } from './text-style.ts';
import { padEnd, widthOf } from './text-width.ts';

export interface BannerFacts {
  readonly version: string;
  /** With the token where one is needed. */
  readonly loginUrl: string;
  readonly url: string;
  readonly dataDir: string;
  readonly agent: boolean;
}

export function formatBanner(facts: BannerFacts, language: Language, style: TextStyle): string {
  const say = SENTENCES[language];
  const rows: readonly (readonly [string, string])[] = [
    [say.open, style.bold(style.cyan(forPeople(facts.loginUrl)))],
    [say.data, facts.dataDir],
    [say.agent, facts.agent ? say.agentOn : say.agentOff],
  ];
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  const lines = rows.map(([name, text]) => `  ${style.dim(padEnd(name, width))}  ${text}`);
  const secret = facts.loginUrl === facts.url ? [] : ['', `  ${style.yellow(say.keepSecret)}`];
  return [
    '',
    `  ${style.green('●')} ${style.bold('Nowcast')} ${facts.version}  ${style.dim(say.tagline)}`,
    '',
    ...lines,
    ...secret,
    '',
    `  ${style.dim(say.stopHint)}`,
    '',
    '',
  ].join('\n');
}

/** The name people know for this machine. */
function forPeople(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
}
