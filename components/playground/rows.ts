import { z } from 'zod'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Turn } from '#lib/playground/schema.ts'

interface Asked {
  system: string
  prompt: string
  earlier: readonly Turn[]
}

const turnsOf = ({ system, prompt, earlier }: Asked) => [
  ...(system.trim() ? [{ role: 'system', content: system }] : []),
  ...earlier,
  { role: 'user', content: prompt },
]

const said = (content: string) => ({ role: 'assistant', content })

/** A question and its answer as a training row. */
export const exampleLine = (asked: Asked, answer: string): string =>
  JSON.stringify({ messages: [...turnsOf(asked), said(answer)] })

/** A question with the preferred and the rejected answer, as a row for preference tuning. */
export const preferenceLine = (asked: Asked, better: string, worse: string): string =>
  JSON.stringify({
    input: { messages: turnsOf(asked) },
    preferred_output: [said(better)],
    non_preferred_output: [said(worse)],
  })

const Line = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })).optional(),
  input: z.object({ messages: z.array(z.object({ role: z.string(), content: z.unknown() })) }).optional(),
})

const plain = (text: unknown): string => String(text).trim().replace(/\s+/g, ' ').toLocaleLowerCase()

/** Whether the last user message of a row is this question, ignoring case and whitespace. */
export function asksFor(line: string, prompt: string): boolean {
  const { data } = Line.safeParse(parsed(line))
  const question = (data?.messages ?? data?.input?.messages)?.findLast(({ role }) => role === 'user')
  return question !== undefined && plain(question.content) === plain(prompt)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A line that is not valid JSON yet contains no question.
    return null
  }
}

/** Default target for a new row: the dataset of the job. */
export const homeOf = ({ data }: Pick<Opening, 'data'>): string | null => data?.datasetId ?? null
