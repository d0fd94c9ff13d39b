import type { Messages } from 'use-intl/core'
import { ar } from './ar.ts'
import { forFormatter } from './compiled.ts'
import { en } from './en.ts'
import { type Language, type Locale, languageOf } from './locale.ts'

const catalogues: Record<Language, Messages> = { en: forFormatter(en), ar: forFormatter(ar) }

/** The texts of a language. Server only: a page brings the texts of its language to the browser. */
export const messagesOf = (locale: Locale): Messages => catalogues[languageOf(locale)]
