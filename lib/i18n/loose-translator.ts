import type { WordValues } from './worded.ts'

/** A translator for keys from the wire, which the compiler cannot check. */
export interface LooseTranslator {
  (key: string, values?: WordValues): string
  has: (key: string) => boolean
}
