import { readFacts } from '#lib/examples/facts.ts'
import { lineOf, type TextLine, textLines } from '#lib/examples/jsonl.ts'
import type { RuleEntry } from '#lib/examples/rules/entry.ts'
import { Survey, type SurveyReport } from '#lib/examples/survey.ts'

/** UTF-8, but a lone U+DCxx becomes the byte xx: how a text can stand for bytes that are none. */
export function bytesOf(text: string): Uint8Array {
  const parts = text
    .split(/([\udc80-\udcff])/)
    .map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part)))
  return Buffer.concat(text.isWellFormed() ? [Buffer.from(text)] : parts)
}

/** One token a word: enough to tell long from short. */
export const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length

/** The report on one of a rule's two files; only the rule on the number of rows asks for ten. */
export function surveyOf(entry: RuleEntry, which: 'bad' | 'good'): SurveyReport {
  const survey = new Survey({ minimumRows: entry.id === 'too-few-rows' ? 10 : 0, context: { limit: 100 } })
  const add = (line: TextLine, split: 'train' | 'heldout') =>
    survey.add(readFacts(line, countWords), split, () => line.text)
  for (const line of textLines(bytesOf(entry[which]))) add(line, 'train')
  for (const text of entry.heldout ? [entry.heldout[which]] : []) add(lineOf(text, 1), 'heldout')
  return survey.finish()
}
