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

/** A question and its answer as a line to train on. */
export const exampleLine = (asked: Asked, answer: string): string =>
  JSON.stringify({ messages: [...turnsOf(asked), said(answer)] })

/** A question with the better and the worse of two answers, as a line for preference tuning. */
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

/** Whether a line of a dataset ends in the same question, whatever its case and spaces. */
export function asksFor(line: string, prompt: string): boolean {
  const { data } = Line.safeParse(parsed(line))
  const question = (data?.messages ?? data?.input?.messages)?.findLast(({ role }) => role === 'user')
  return question !== undefined && plain(question.content) === plain(prompt)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A line that is still being mended asks nothing yet.
    return null
  }
}

/** Where a row goes first: the data of the run that is looked at. */
export const homeOf = ({ data }: Pick<Opening, 'data'>): string | null => data?.datasetId ?? null
