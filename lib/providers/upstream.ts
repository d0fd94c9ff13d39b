/** How long a provider may take to begin an answer, in ms. */
const PATIENCE = 60_000

/**
 * The one way out of this process. Redirects are refused: a key must not follow one, and fetch would keep
 * a second copy of every uploaded byte to be able to.
 */
export const upstream: typeof fetch = (input, init) =>
  fetch(input, { ...init, redirect: 'error', cache: 'no-store' })

/** For calls whose answer is short: listing, retrieving, asking for health. */
export const briefly = (signal?: AbortSignal, ms = PATIENCE): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms)
