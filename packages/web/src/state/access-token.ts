const PARAMETER = 'token';
const KEY = 'nowcast.token';

/**
 * The access token: from the login link, and after that from this tab's memory. It is taken out of the
 * address at once, so that it does not end up in a bookmark or a screenshot.
 */
export function accessToken(): string | undefined {
  const url = new URL(location.href);
  const given = url.searchParams.get(PARAMETER);
  if (given === null) return remembered();
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', url);
  try {
    sessionStorage.setItem(KEY, given);
  } catch {
    // Without storage the token lasts until the page is left.
  }
  return given;
}

function remembered(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
