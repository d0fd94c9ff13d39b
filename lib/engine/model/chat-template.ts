import { Template } from '@huggingface/jinja'
import { AppError } from '#lib/core/errors.ts'
import type { Turn } from '../worker/protocol.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A turn of a training example: `weight` 0 is context only, 1 (or any other number) is learned. */
export interface TrainingTurn extends Turn {
  weight: number
}

/** A tokenised example; both arrays have one entry per token. */
export interface Sample {
  ids: ArrayLike<number> // [time]
  /** How much it matters that the model predicts this very token; 0 = not learned. */
  weights: ArrayLike<number> // [time]
}

/** ChatML, as saved with every model in `tokenizer_config.json`. */
export const chatTemplate =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

const probe = [
  { role: 'system', content: 'a' },
  { role: 'user', content: ' b' },
  { role: 'assistant', content: 'c\n' },
  { role: 'user', content: 'd' },
]

/** @throws AppError `invalid` unless the template renders conversations exactly as ChatML does */
export function checkTemplate(template: string): void {
  if (template === chatTemplate) return
  const render = (source: string, messages: typeof probe) =>
    new Template(source).render({ messages, add_generation_prompt: true })
  for (const messages of [probe, probe.slice(1)])
    if (render(template, messages) !== render(chatTemplate, messages))
      throw new AppError('invalid', {
        message: 'This model has a chat template other than ChatML, which the engine does not know.',
      })
}

/** The newer name of the system role is the same role to a model that was taught the older one. */
const roleName = (role: string) => (role === 'developer' ? 'system' : role)

interface Piece {
  ids: number[]
  weight: number
}

/**
 * `<|im_start|>role⏎content<|im_end|>⏎`. Markers are set by id, so a text that spells one stays text.
 * An assistant's content is encoded apart from its role, because generation starts right there.
 */
function pieces(tokenizer: Tokenizer, { role, content, weight }: TrainingTurn): Piece[] {
  const name = `${roleName(role)}\n`
  const after = { ids: tokenizer.encode('\n'), weight: 0 }
  if (role !== 'assistant')
    return [{ ids: [tokenizer.start, ...tokenizer.encode(name + content), tokenizer.end], weight: 0 }, after]
  return [
    { ids: [tokenizer.start, ...tokenizer.encode(name)], weight: 0 },
    { ids: [...tokenizer.encode(content), tokenizer.end], weight },
    after,
  ]
}

/** Only what the assistant says, and that it then ends its turn, carries loss. */
export function encodeConversation(
  tokenizer: Tokenizer,
  turns: readonly TrainingTurn[],
  context = Infinity,
): Sample {
  const all = turns.flatMap((turn) => pieces(tokenizer, turn))
  const ids = all.flatMap((piece) => piece.ids)
  const weights = all.flatMap((piece) => piece.ids.map(() => piece.weight))
  const length = Math.min(ids.length, context) // longer examples are cut at the end, as OpenAI does
  return { ids: Int32Array.from(ids.slice(0, length)), weights: Float32Array.from(weights.slice(0, length)) }
}

/** The ids after which the model speaks as the assistant. */
export function encodePrompt(tokenizer: Tokenizer, turns: readonly Turn[]): number[] {
  const said = turns.flatMap((turn) =>
    pieces(tokenizer, { ...turn, weight: 0 }).flatMap((piece) => piece.ids),
  )
  return [...said, tokenizer.start, ...tokenizer.encode('assistant\n')]
}

/** Length of the text that a tokenizer has to read, in UTF-16 units. */
export const charactersOf = (turns: readonly Turn[]): number =>
  turns.reduce((sum, { content }) => sum + content.length, 0)

/** Characters that are read at once of a prompt that may be far too long, and that are always read. */
const SLICE = 16_384

/** Markers and line breaks around a turn, in tokens. */
const AROUND = 4

function* slicesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE)
}

/**
 * Tokens of a prompt, counted up to `most`: counting megabytes that are refused anyway would keep every other chat
 * waiting. A cut between slices may add a token or two.
 * @returns 0 for a short prompt, which need not be counted before it is read
 */
export function tokensUpTo(tokenizer: Tokenizer, prompt: string | readonly Turn[], most: number): number {
  const turns = typeof prompt === 'string' ? [{ content: prompt }] : prompt
  const characters = turns.reduce((sum, { content }) => sum + content.length + AROUND, 0)
  if (characters <= SLICE) return 0
  let count = 0
  for (const { content } of turns) {
    count += AROUND
    for (const slice of slicesOf(content)) {
      if (count > most) return count
      count += tokenizer.encode(slice).length
    }
    if (count > most) return count
  }
  return count
}
