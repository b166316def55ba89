import type { VNode } from 'preact';
import { t } from '../i18n/language.ts';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { OverviewContext, type PageContext } from './overview-context.ts';

export function App({ context }: { readonly context: PageContext }): VNode {
  return (
    <OverviewContext.Provider value={context}>
      <a class="skip" href="#overview">
        {t('app.skip')}
      </a>
      <Header />
      <main class="page" id="overview" tabIndex={-1}>
        <ConnectionBanner />
        <OverviewPage />
      </main>
      <HelpDialog />
    </OverviewContext.Provider>
  );
}
