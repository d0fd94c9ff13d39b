import { tokensWithin } from '#lib/tokens/chat.ts'
import type { CheckOptions } from '#lib/training-data/check.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import { lineOf, type TextLine, textLines } from '#lib/training-data/jsonl.ts'
import { type DataReport, ReportBuilder } from '#lib/training-data/report.ts'
import type { RuleEntry } from '#lib/training-data/rules/entry.ts'
import { targets } from '#lib/training-data/targets.ts'

/** UTF-8, but a lone U+DCxx becomes the byte xx, so that a text can contain invalid bytes. */
export function bytesOf(text: string): Uint8Array {
  const parts = text
    .split(/([\udc80-\udcff])/)
    .map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part)))
  return Buffer.concat(text.isWellFormed() ? [Buffer.from(text)] : parts)
}

/** One token per word: enough to distinguish long from short. */
export const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length

/** Target of each destination rule. */
const STRICT: Partial<Record<RuleEntry['id'], CheckOptions['target']>> = {
  'over-context': { ...targets.compatible, context: 100 },
  'preference-unsupported': { ...targets.compatible, preference: false },
  'tools-unsupported': targets.engine,
  'turns-not-alternating': targets.together,
}

/** The report on one of a rule's two files; only the rule on the number of rows requires ten. */
export function reportOf(entry: RuleEntry, which: 'bad' | 'good'): DataReport {
  const survey = new ReportBuilder({ minimumRows: entry.id === 'too-few-rows' ? 10 : 0 })
  const target = STRICT[entry.id]
  const options: CheckOptions = target
    ? { target, read: (example, limit) => tokensWithin(example, limit, countWords) }
    : {}
  const add = (line: TextLine, split: 'train' | 'heldout') =>
    survey.add(readFacts(line, countWords, options), split, () => line.text)
  for (const line of textLines(bytesOf(entry[which]))) add(line, 'train')
  for (const text of entry.heldout ? [entry.heldout[which]] : []) add(lineOf(text, 1), 'heldout')
  return survey.finish()
}
