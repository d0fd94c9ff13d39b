/** Conversations as model input: rendered by the chat template, with loss only on the assistant's turns. */
import { AppError } from '#lib/core/errors.ts'
import { splitReasoning } from '#lib/training-data/rules/reasoning.ts'
import type { Turn } from '../worker/protocol.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A turn of a training example: weight 0 is context only, 1 (or any other number) is trained. */
export interface TrainingTurn extends Turn {
  weight: number
}

/** A tokenised example; both arrays have one entry per token. */
export interface Sample {
  ids: ArrayLike<number> // [time]
  /** Weight in the loss of predicting this token; 0 = no loss. */
  weights: ArrayLike<number> // [time]
}

/** Renders and tokenises parts of one conversation; message text cannot produce special tokens. */
function reader(tokenizer: Tokenizer, turns: readonly Turn[], date: Date) {
  const safe = turns.map(({ role, content }) => ({
    role: tokenizer.protect(role),
    content: tokenizer.protect(content),
  }))
  return {
    /** The first `count` turns; `opened` adds the header of the assistant's next answer. */
    render: (count: number, opened: boolean) =>
      tokenizer.template.render(safe.slice(0, count), { opened, date }),
    content: (index: number) => safe[index]?.content ?? '',
  }
}
type Reader = ReturnType<typeof reader>

/** Token ids of a prompt, up to where the assistant's answer starts. */
export const encodePrompt = (tokenizer: Tokenizer, turns: readonly Turn[], date: Date): number[] =>
  tokenizer.encodeRendered(reader(tokenizer, turns, date).render(turns.length, true))

/** One assistant turn as a part of the rendered text. */
interface Answer {
  weight: number
  /** The text up to where generation starts. */
  prompt: string
  /** The text up to the end of the turn; starts with `prompt`. */
  said: string
}

/** The parts of an answer that a template may set with other spaces between them: its reasoning, and the rest. */
function partsOf(content: string): string[] {
  const split = splitReasoning(content)
  return (split ? [split.thoughts, split.answer] : [content]).map((part) => part.trim())
}

/** @throws AppError `invalid` if training would start the answer at another place than generation does, or lose a part */
function answerAt({ render, content }: Reader, index: number, weight: number): Answer {
  const [prompt, said] = [render(index, true), render(index + 1, false)]
  if (!said.startsWith(prompt))
    throw new AppError('invalid', {
      message: "the model's chat template writes an answer elsewhere than it asks for one",
    })
  const written = said.slice(prompt.length)
  if (!partsOf(content(index)).every((part) => written.includes(part)))
    throw new AppError('invalid', { message: "the model's chat template leaves a part of the answer out" })
  return { weight, prompt, said }
}

interface Draft {
  ids: number[]
  weights: number[]
}

/** The loss covers an answer up to the token that ends its turn; later text from the template has weight 0. */
function weightsOf(tokenizer: Tokenizer, answer: readonly number[], weight: number): number[] {
  const end = answer.findLastIndex((id) => tokenizer.isSpecial(id))
  const learnt = end < 0 ? answer.length : end + 1
  return answer.map((_, index) => (index < learnt ? weight : 0))
}

/** Tokenises each answer and the text between answers separately: splits where generation starts. */
function readInPieces(tokenizer: Tokenizer, answers: readonly Answer[], whole: string): Draft {
  const pieces: Draft[] = []
  let read = 0
  const readTo = (end: number, weight: number) => {
    const ids = tokenizer.encodeRendered(whole.slice(read, end))
    pieces.push({ ids, weights: weightsOf(tokenizer, ids, weight) })
    read = end
  }
  for (const { prompt, said, weight } of answers) {
    readTo(prompt.length, 0)
    readTo(said.length, weight)
  }
  readTo(whole.length, 0)
  return { ids: pieces.flatMap(({ ids }) => ids), weights: pieces.flatMap(({ weights }) => weights) }
}

/** Length of the common prefix of two id lists. */
function shared(a: readonly number[], b: readonly number[]): number {
  const other = a.findIndex((id, index) => b[index] !== id)
  return other < 0 ? a.length : other
}

/** Tokenises the whole text at once, for tokenizers that would put a space before each piece. */
function readAtOnce(tokenizer: Tokenizer, answers: readonly Answer[], whole: string): Draft {
  const ids = tokenizer.encodeRendered(whole)
  const weights = ids.map(() => 0)
  const lengthOf = (text: string) => shared(tokenizer.encodeRendered(text), ids)
  for (const { prompt, said, weight } of answers) {
    const start = lengthOf(prompt)
    for (const [index, value] of weightsOf(tokenizer, ids.slice(start, lengthOf(said)), weight).entries())
      weights[start + index] = value
  }
  return { ids, weights }
}

const readAnswers = (tokenizer: Tokenizer, answers: readonly Answer[], whole: string): Draft =>
  (tokenizer.cuttable ? readInPieces : readAtOnce)(tokenizer, answers, whole)

/** Truncates longer examples at the end, as OpenAI does. */
const cut = ({ ids, weights }: Draft, context: number): Sample => ({
  ids: Int32Array.from(ids.slice(0, context)),
  weights: Float32Array.from(weights.slice(0, context)),
})

/**
 * Converts a conversation to samples: one if each rendered prefix starts the full text; one per trained answer if the
 * template changes earlier turns (Qwen3 drops earlier thoughts).
 * Only the assistant's text and its end-of-turn token carry loss.
 * @throws AppError `invalid` if the template rejects the conversation or does not render its answers
 */
export function encodeConversation(
  tokenizer: Tokenizer,
  turns: readonly TrainingTurn[],
  date: Date,
  context = Infinity,
): Sample[] {
  const read = reader(tokenizer, turns, date)
  const answers = turns.flatMap(({ role, weight }, index) =>
    role === 'assistant' ? [answerAt(read, index, weight)] : [],
  )
  const whole = read.render(turns.length, false)
  const nested = answers.every((answer, index) =>
    (answers[index + 1]?.prompt ?? whole).startsWith(answer.said),
  )
  if (nested) return [cut(readAnswers(tokenizer, answers, whole), context)]
  const learnt = answers.filter(({ weight }) => weight !== 0)
  return learnt.map((answer) => cut(readAnswers(tokenizer, [answer], answer.said), context))
}

/** Length of a conversation's text, in UTF-16 units. */
export const charactersOf = (turns: readonly Turn[]): number =>
  turns.reduce((sum, { content }) => sum + content.length, 0)

/** Characters tokenised at a time when looking for far too long prompts; shorter prompts skip this check. */
const SLICE = 16_384

/** Tokens for markers and line breaks around a turn. */
const AROUND = 4

function* slicesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE)
}

/**
 * Counts the tokens of a prompt up to `most`: counting all of a rejected megabyte prompt would block every other chat.
 * A boundary between slices may add a token or two.
 * @returns 0 for a short prompt, which needs no count before it is tokenised
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
