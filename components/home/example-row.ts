import { Example, textOf } from '#lib/training-data/schema.ts'

/** A row as home shows it: what is asked and what is to be learnt. */
export interface ExampleRow {
  number: number
  question: string
  answer: string
}

/** Characters of each side: a row may have megabytes, and home shows a few lines. */
const MOST_SHOWN = 1_000

/** @returns null for a line that is no conversation */
export function readExampleRow(number: number, line: string | null): ExampleRow | null {
  try {
    const { messages } = Example.parse(JSON.parse(line ?? ''))
    const say = (role: string) =>
      textOf(messages.find((message) => message.role === role)?.content).slice(0, MOST_SHOWN)
    return { number, question: say('user'), answer: say('assistant') }
  } catch {
    return null
  }
}
