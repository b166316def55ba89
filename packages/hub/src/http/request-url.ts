/**
 * The target of a request as a URL. What a stranger sends as a target need not be one; a target that begins
 * with two slashes is a path all the same, not another host.
 */
export function requestUrl(target: string | undefined): URL | undefined {
  const text = target ?? '/';
  try {
    return new URL(text.startsWith('/') ? `http://hub${text}` : text);
  } catch {
    return undefined;
  }
}
