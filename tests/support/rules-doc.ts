import { writeFileSync } from 'node:fs'
import { issueKey } from '#components/datasets/issues/issue-words.ts'
import { messagesOf } from '#lib/i18n/catalogues.ts'
import { DEFAULT_LOCALE, type Language } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { asOpenAI } from '#lib/training-data/openai.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import type { RuleEntry } from '#lib/training-data/rules/entry.ts'
import { reportOf } from './rule-files.ts'
import { docWords } from './rules-doc-words.ts'

/** The file of each language. */
export const ruleDocFiles: Record<Language, string> = { en: 'docs/rules.md', ar: 'docs/ar/rules.md' }

const catalogueOf = (language: Language) => messagesOf(DEFAULT_LOCALE[language])

const LONGEST = 180
const MOST_LINES = 4

/** Invisible characters as escapes. */
const visible = (text: string): string =>
  text
    .replace(
      /[\udc80-\udcff](?<![\ud800-\udbff].)/g,
      (sign) => `\\x${(sign.charCodeAt(0) & 0xff).toString(16)}`,
    )
    .replace(/[\r\u200b\ufeff\u202a-\u202e]/g, (sign) =>
      sign === '\r' ? '\\r' : `\\u${sign.charCodeAt(0).toString(16)}`,
    )

const shortened = (line: string): string => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line)

/** Text of the other direction stands in a part of its own: Markdown has no direction. */
const directed = (direction: 'ltr' | 'rtl', text: string): string =>
  `<div dir="${direction}">\n\n${text}\n\n</div>`

function block(language: Language, text: string): string {
  const lines = text.split('\n').map((line) => shortened(visible(line)))
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines
  const code = ['```jsonl', ...shown, '```'].join('\n')
  return language === 'ar' ? directed('ltr', code) : code
}

/** The issue's sentence; `<` would begin a tag of HTML. */
function sentence(language: Language, issue: Issue): string {
  const { line, column, values } = issue
  // TypeScript cannot infer the arguments: the keys are built from rule ids.
  const t = translate('rules', DEFAULT_LOCALE[language]) as unknown as (
    key: string,
    facts: Issue['values'],
  ) => string
  return visible(t(issueKey(issue), { line, column, ...values })).replaceAll('<', '\\<')
}

function entry(language: Language, rule: RuleEntry): string {
  const issue = reportOf(rule, 'bad').issues.find((one) => one.rule === rule.id)
  if (!issue) throw new Error(`${rule.id} says nothing of its own example.`)
  const { severity, fix, repair, openai, heldout, better } = docWords[language]
  const code = (text: string) => block(language, text)
  return [
    `### ${catalogueOf(language).ruleTitles[rule.id]}`,
    `\`${rule.id}\``,
    `${severity[rule.severity]} · ${fix}: ${repair[rule.repair]}`,
    `> ${sentence(language, issue)}`,
    catalogueOf(language).ruleWhy[rule.id],
    ...(issue.severity === 'error' ? [openai(asOpenAI(issue).message)] : []),
    code(rule.bad),
    ...(rule.heldout ? [heldout, code(rule.heldout.bad)] : []),
    better,
    code(rule.heldout?.good ?? rule.good),
  ].join('\n\n')
}

/** The rules as Markdown. */
export function rulesDoc(language: Language): string {
  const { head, groups } = docWords[language]
  const chapters = Object.entries(groups).map(([group, title]) => {
    const found = ruleDocs.filter((rule) => rule.group === group)
    return [`## ${title}`, ...found.map((rule) => entry(language, rule))].join('\n\n')
  })
  const text = [head, ...chapters].join('\n\n')
  return `${language === 'ar' ? directed('rtl', text) : text}\n`
}

if (process.argv.includes('--write'))
  for (const language of ['en', 'ar'] as const) writeFileSync(ruleDocFiles[language], rulesDoc(language))
