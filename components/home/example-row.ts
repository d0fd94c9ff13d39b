import { Example, textOf } from '#lib/training-data/schema.ts'

/** A row as shown on the home page: its question and its training answer. */
export interface ExampleRow {
  number: number
  question: string
  answer: string
}

/** Characters kept of each side: a row may have megabytes, and the home page shows a few lines. */
const MOST_SHOWN = 1_000

/** @returns null if the line is not a conversation */
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
