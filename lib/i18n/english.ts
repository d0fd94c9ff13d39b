import { createTranslator } from 'use-intl/core'
import { forFormatter } from './compiled.ts'
import errors from './en/errors.ts'
import type { LooseTranslator } from './loose-translator.ts'

let made: LooseTranslator | undefined

/** Created on the first error: its tables take some 5 MB, and most processes need none. */
export function english(): LooseTranslator {
  made ??= createTranslator({
    locale: 'en',
    messages: { errors: forFormatter(errors) },
    namespace: 'errors',
  }) as LooseTranslator
  return made
}
