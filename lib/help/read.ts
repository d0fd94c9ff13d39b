import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Locale, languageOf } from '#lib/i18n/locale.ts'
import type { HelpName } from './pages.ts'

/** The product runs in its own folder. */
const fileOf = (...names: string[]): string =>
  path.join(/* turbopackIgnore: true */ process.cwd(), 'docs', ...names)

/** A line that is for GitHub alone: a tag that sets the direction, a comment. */
const MARKUP = /^<(?:\/?[a-z][^<>]*|!--.*--)>$/

async function textOf(file: string): Promise<string | null> {
  const text = await readFile(/* turbopackIgnore: true */ file, 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n').filter((line) => !MARKUP.test(line.trim()))
  return lines.join('\n')
}

export interface HelpPage {
  text: string
  /** Whether it is in the language that was asked for; else it is in English. */
  translated: boolean
}

/** A page of help in a language, or in English where it has no translation; null where the file is gone. */
export async function readHelp(name: HelpName, locale: Locale): Promise<HelpPage | null> {
  const language = languageOf(locale)
  const own = language === 'en' ? null : await textOf(fileOf(language, `${name}.md`))
  const text = own ?? (await textOf(fileOf(`${name}.md`)))
  return text === null ? null : { text, translated: own !== null || language === 'en' }
}
