import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import type { TrainingTurn } from './conversation.ts'
import { reasons } from './reasons.ts'

const Content = z.union(
  [
    z.string(),
    z.null().transform(() => ''),
    z
      .array(z.object({ type: z.literal('text'), text: z.string() }))
      .transform((parts) => parts.map((part) => part.text).join('')),
  ],
  'only text is known to this model',
)

const Message = z.object({
  role: z.string(),
  content: Content.optional().transform((content) => content ?? ''),
  weight: z
    .number()
    .nullish()
    .transform((weight) => weight ?? 1),
  tool_calls: z.array(z.unknown()).max(0, 'tool calls are not known to this model').nullish(),
  function_call: z.null('function calls are not known to this model').optional(),
})

const Messages = z.array(Message).min(1)
const Row = z.object({ messages: Messages })
const PairRow = z.object({
  input: Row,
  preferred_output: Messages,
  non_preferred_output: Messages,
})

/**
 * Converts a parsed line of a chat training file to training turns.
 * @throws AppError `invalid` for content that a text-only model cannot train on: images, tool calls
 */
export function trainingTurns(row: unknown): TrainingTurn[] {
  const parsed = Row.safeParse(row)
  if (!parsed.success) throw new AppError('invalid', { message: reasons(parsed.error) })
  return parsed.data.messages.map(({ role, content, weight }) => ({ role, content, weight }))
}

/**
 * Converts a parsed line of a preference file to its two conversations, of which only the answers are trained.
 * @throws AppError as `trainingTurns`
 */
export function pairTurns(row: unknown): { chosen: TrainingTurn[]; rejected: TrainingTurn[] } {
  const parsed = PairRow.safeParse(row)
  if (!parsed.success) throw new AppError('invalid', { message: reasons(parsed.error) })
  const { input, preferred_output, non_preferred_output } = parsed.data
  const turns = (messages: z.infer<typeof Messages>, weight: number): TrainingTurn[] =>
    messages.map(({ role, content }) => ({ role, content, weight }))
  const asked = turns(input.messages, 0)
  return {
    chosen: [...asked, ...turns(preferred_output, 1)],
    rejected: [...asked, ...turns(non_preferred_output, 1)],
  }
}
