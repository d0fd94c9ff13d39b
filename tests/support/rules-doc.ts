import { writeFileSync } from 'node:fs'
import { issueKey } from '#components/datasets/issues/issue-words.ts'
import { en } from '#lib/i18n/en.ts'
import { translate } from '#lib/i18n/translate.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { asOpenAI } from '#lib/training-data/openai.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import type { RuleEntry } from '#lib/training-data/rules/entry.ts'
import { reportOf } from './rule-files.ts'

const HEAD = `# The rules

Everything that Limerick checks in a training file. The editor, the studio and the built-in engine run the same code
(\`lib/training-data\`). An **error** keeps a file from being trained on; a **warning** does not. "Fix" says whether the
studio can mend it: *safe* without a second look, *review* where somebody should look at what changes, else by hand.
Written by \`npm run rules\`.
`

const groups: Record<RuleEntry['group'], string> = {
  structure: 'Structure: can it be read as one example a line?',
  messages: 'Messages: can the conversation be learnt?',
  budget: 'Budget: does it fit, and is it worth it?',
  quality: 'Quality: what does it teach?',
  target: 'Target: what only some jobs ask for',
}

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

function block(text: string): string {
  const lines = text.split('\n').map((line) => shortened(visible(line)))
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines
  return ['```jsonl', ...shown, '```'].join('\n')
}

const sentence = translate('rules') as unknown as (key: string, values: Issue['values']) => string

function entry(rule: RuleEntry): string {
  const issue = reportOf(rule, 'bad').issues.find((one) => one.rule === rule.id)
  if (!issue) throw new Error(`${rule.id} says nothing of its own example.`)
  const { line, column, values } = issue
  const severity = rule.severity === 'either' ? 'error or warning' : rule.severity
  const heldout = rule.heldout ? ['held out:', block(rule.heldout.bad)] : []
  return [
    `### ${en.ruleTitles[rule.id]}`,
    `\`${rule.id}\``,
    `${severity} · fix: ${rule.repair}`,
    `> ${visible(sentence(issueKey(issue), { line, column, ...values }))}`,
    en.ruleWhy[rule.id],
    ...(issue.severity === 'error' ? [`OpenAI’s words: “${asOpenAI(issue).message}”`] : []),
    block(rule.bad),
    ...heldout,
    'better:',
    block(rule.heldout?.good ?? rule.good),
  ].join('\n\n')
}

/** The rules as Markdown. */
export function rulesDoc(): string {
  const chapters = Object.entries(groups).map(([group, title]) => {
    const rules = ruleDocs.filter((rule) => rule.group === group)
    return [`## ${title}`, ...rules.map(entry)].join('\n\n')
  })
  return `${[HEAD.trimEnd(), ...chapters].join('\n\n')}\n`
}

if (process.argv.includes('--write')) writeFileSync('docs/rules.md', rulesDoc())
