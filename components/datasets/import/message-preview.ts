import { type Message, type Role, TrainingLine, textOf } from '#lib/training-data/schema.ts'

/** Characters shown of a long text. A browser lays out all of a text, including the part that is clamped. */
export const SHOWN_LETTERS = 1_200

/** A turn of a conversation, as a preview shows it. */
export interface Said {
  role: Role
  /** The beginning of the text. */
  text: string
  /** For a preference pair: the answer that it belongs to. */
  side: 'better' | 'worse' | null
  trained: boolean
  images: number
  /** Names of the tools that it calls. */
  calls: string[]
}

const said =
  (side: Said['side']) =>
  (message: Message): Said => ({
    role: message.role,
    text: (textOf(message.content) || (message.refusal ?? '')).slice(0, SHOWN_LETTERS),
    side,
    trained: message.weight !== 0,
    images: Array.isArray(message.content)
      ? message.content.filter(({ type }) => type === 'image_url').length
      : 0,
    calls: [
      ...(message.tool_calls ?? []).map((call) => call.function.name),
      ...(message.function_call ? [message.function_call.name] : []),
    ],
  })

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** The turns of a line, in order; null if it is not a conversation. */
export function readTalk(line: string): Said[] | null {
  const { data } = TrainingLine.safeParse(parsed(line))
  if (!data) return null
  if ('messages' in data) return data.messages.map(said(null))
  return [
    ...data.input.messages.map(said(null)),
    ...data.preferred_output.map(said('better')),
    ...data.non_preferred_output.map(said('worse')),
  ]
}
