import compile from 'icu-minify/compile'
import type { CompiledMessage } from 'icu-minify/format'
import formatMessage from 'use-intl/format-message'

interface Texts {
  readonly [key: string]: string | Texts
}

interface Compiled {
  readonly [key: string]: CompiledMessage | Compiled
}

const compiled = (texts: Texts): Compiled =>
  Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === 'string' ? compile(value) : compiled(value),
    ]),
  )

/**
 * Texts as the formatter reads them. Pages have one that only reads compiled texts (next.config.js), so that no browser
 * loads a parser; outside of their build there is the usual one.
 */
export function forFormatter<Catalogue extends object>(texts: Catalogue): Catalogue {
  if (formatMessage.raw) return texts
  // A page can be given plain objects alone, and a compiler's have no prototype.
  return JSON.parse(JSON.stringify(compiled(texts as unknown as Texts)))
}
