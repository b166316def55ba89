import { effect, signal, type Signal } from '@preact/signals';

const PARAMETER = 'host';

/** The host asked for, kept in the address so that a link leads to the same host; '' for none. */
export function hostChoice(): Signal<string> {
  const choice = signal(new URLSearchParams(location.search).get(PARAMETER) ?? '');
  effect(() => {
    const url = new URL(location.href);
    if ((url.searchParams.get(PARAMETER) ?? '') === choice.value) return;
    if (choice.value === '') url.searchParams.delete(PARAMETER);
    else url.searchParams.set(PARAMETER, choice.value);
    history.replaceState(history.state, '', url);
  });
  return choice;
}
