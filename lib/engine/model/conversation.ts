/** Conversations as a model reads them: rendered by its own template, with a loss on what the assistant says. */
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

/** Renders and tokenises parts of one conversation, whose texts cannot spell a special token. */
function reader(tokenizer: Tokenizer, turns: readonly Turn[], date: Date) {
  const safe = turns.map(({ role, content }) => ({
    role: tokenizer.protect(role),
    content: tokenizer.protect(content),
  }))
  return {
    /** The first `count` turns; opened, the assistant's next answer follows. */
    render: (count: number, opened: boolean) =>
      tokenizer.template.render(safe.slice(0, count), { opened, date }),
    content: (index: number) => safe[index]?.content ?? '',
  }
}
type Reader = ReturnType<typeof reader>

/** The ids after which the model speaks as the assistant. */
export const encodePrompt = (tokenizer: Tokenizer, turns: readonly Turn[], date: Date): number[] =>
  tokenizer.encodeRendered(reader(tokenizer, turns, date).render(turns.length, true))

/** What the assistant says in one turn, as a part of a rendered text. */
interface Answer {
  weight: number
  /** The text up to where generation would begin. */
  prompt: string
  /** The text up to the end of the turn; `prompt` begins it. */
  said: string
}

/** @throws AppError `invalid` where the model would learn from another place than the one that it answers from */
function answerAt({ render, content }: Reader, index: number, weight: number): Answer {
  const [prompt, said] = [render(index, true), render(index + 1, false)]
  if (!said.startsWith(prompt))
    throw new AppError('invalid', {
      message: "the model's chat template writes an answer elsewhere than it asks for one",
    })
  if (!said.slice(prompt.length).includes(content(index).trim()))
    throw new AppError('invalid', { message: "the model's chat template leaves a part of the answer out" })
  return { weight, prompt, said }
}

interface Draft {
  ids: number[]
  weights: number[]
}

/** An answer is learnt up to the token that ends its turn; what a template writes behind that is not. */
function weightsOf(tokenizer: Tokenizer, answer: readonly number[], weight: number): number[] {
  const end = answer.findLastIndex((id) => tokenizer.isSpecial(id))
  const learnt = end < 0 ? answer.length : end + 1
  return answer.map((_, index) => (index < learnt ? weight : 0))
}

/** Reads the text between two answers and each answer by itself: cut where generation would begin. */
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

/** How many ids two lists share from their beginning. */
function shared(a: readonly number[], b: readonly number[]): number {
  const other = a.findIndex((id, index) => b[index] !== id)
  return other < 0 ? a.length : other
}

/** Reads everything at once: such a tokenizer would put a space before each piece. */
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

/** Longer examples are cut at the end, as OpenAI does. */
const cut = ({ ids, weights }: Draft, context: number): Sample => ({
  ids: Int32Array.from(ids.slice(0, context)),
  weights: Float32Array.from(weights.slice(0, context)),
})

/**
 * A conversation as samples: one, where the text of its first turns begins the text of all; where a template changes
 * what was said before (Qwen3 drops old thoughts), one for each answer that is learnt.
 * Only what the assistant says, and that it then ends its turn, carries loss.
 * @throws AppError `invalid` for a conversation that the template refuses, or whose answers are not in what it writes
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
