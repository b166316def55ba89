/** The few sentences the command says to people, in their language. Errors and logs are English. */
export type Language = 'en' | 'zh';

/** The language of messages, by the rules of POSIX. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export interface Sentences {
  readonly tagline: string;
  readonly open: string;
  readonly data: string;
  readonly agent: string;
  readonly agentOn: string;
  readonly agentOff: string;
  readonly stopHint: string;
  readonly keepSecret: string;
  readonly stopping: string;
}

export const SENTENCES: Readonly<Record<Language, Sentences>> = {
  en: {
    tagline: 'see your machines move',
    open: 'Open',
    data: 'Data',
    agent: 'Agent',
    agentOn: 'measures this machine once a second',
    agentOff: 'off; this hub only receives',
    stopHint: 'Ctrl+C stops it.',
    keepSecret: 'The link carries the access token: whoever has it may log in.',
    stopping: 'Stopping …',
  },
  zh: {
    tagline: '实时看见每一台机器',
    open: '打开',
    data: '数据',
    agent: '采集',
    agentOn: '每秒采集一次本机',
    agentOff: '已关闭，仅接收上报',
    stopHint: '按 Ctrl+C 停止。',
    keepSecret: '链接中含访问令牌，持有者即可登录，请妥善保管。',
    stopping: '正在停止……',
  },
};
