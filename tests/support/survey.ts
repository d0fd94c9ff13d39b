import { readFacts } from '#lib/training-data/facts.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { ReportBuilder, type ReportOptions } from '#lib/training-data/report.ts'
import { countWords } from './rule-files.ts'

type Split = 'train' | 'heldout'
export const asked = (question: string, answer: string, system?: string) =>
  JSON.stringify({
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })

export function survey(
  rows: readonly (string | [Split, string])[],
  options: ReportOptions = { minimumRows: 0 },
) {
  const made = new ReportBuilder(options)
  rows.forEach((row, index) => {
    const [split, text] = typeof row === 'string' ? (['train', row] as const) : row
    made.add(readFacts(lineOf(text, index + 1), countWords), split, () => text)
  })
  return made.finish()
}

export const told = ({ issues }: { issues: Issue[] }) => issues.map(({ rule, line }) => `${line} ${rule}`)
export const held = (text: string): [Split, string] => ['heldout', text]
export const many = (count: number, of: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at))

export const sentences = [
  'Neon is a noble gas that glows orange in the long thin tubes of old signs above the street',
  'Gold was washed out of rivers by people who came from far away with nothing but a pan',
  'A battery of lithium keeps its charge for weeks when it lies in a cold and dry place',
  'Copper carries the current through the walls of nearly every house in this small town',
]
export const [neon = '', gold = '', lithium = '', copper = ''] = sentences
