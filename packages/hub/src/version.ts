/** The hub's software version, as told in `welcome` and by status pages. */
export const HUB_VERSION = '0.1.0';
