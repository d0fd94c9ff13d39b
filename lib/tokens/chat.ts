/** What counting reads of an example. */
export type CountableExample = CountableChat | CountablePreference

interface CountableChat {
  messages: readonly CountableMessage[]
  tools?: unknown
  functions?: unknown
}

/** A conversation and two answers to it, a better and a worse one. */
interface CountablePreference {
  input: CountableChat
  preferred_output: readonly CountableMessage[]
  non_preferred_output: readonly CountableMessage[]
}

interface CountableMessage {
  role: string
  content?: string | readonly { type: string; text?: string }[] | null
  name?: string
  weight?: number
  tool_calls?: unknown
  function_call?: unknown
}

/** A part of what a model reads: text, or a marker around it, which is one token. */
interface Stretch {
  text: string
  marker: boolean
  /** Counts in the loss: text and end marker of an assistant message whose weight is not 0. */
  trained: boolean
}

const marker = (text: string, trained = false): Stretch => ({ text, marker: true, trained })
const plain = (value: unknown, trained = false): Stretch => {
  const text = typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)
  return { text, marker: false, trained }
}

const contentText = (content: CountableMessage['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('')

const isTrained = ({ role, weight }: CountableMessage): boolean => role === 'assistant' && weight !== 0

function messageStretches(message: CountableMessage): Stretch[] {
  const { role, content, name, tool_calls, function_call } = message
  const learnt = isTrained(message)
  return [
    marker('<|im_start|>'),
    plain(role),
    ...(name === undefined ? [] : [marker(':'), plain(name)]),
    marker('<|im_sep|>'),
    plain(contentText(content), learnt),
    plain(tool_calls, learnt),
    plain(function_call, learnt),
    marker('<|im_end|>', learnt),
  ]
}

/** The start of a reply, which ends every example. */
const reply = [marker('<|im_start|>'), marker('assistant'), marker('<|im_sep|>')]

/** An example as a model reads it. Of a preference pair only the two answers are trained. */
interface Reading {
  tools: Stretch[]
  messages: Stretch[][]
  reply: Stretch[]
}

/**
 * An example as OpenAI's models read it: ChatML, tool definitions and calls as their JSON text, images left out.
 * OpenAI does not publish how tools are written, so this is an estimate where an example has them.
 */
export function readingOf(example: CountableExample): Reading {
  if (!('input' in example))
    return { tools: toolStretches(example), messages: example.messages.map(messageStretches), reply }
  const { tools, messages: asked } = readingOf(example.input)
  const given = asked.map((stretches) => stretches.map((stretch) => ({ ...stretch, trained: false })))
  const answers = [...example.preferred_output, ...example.non_preferred_output].map(messageStretches)
  return { tools, messages: [...given, ...answers], reply }
}

export interface ExampleTokens {
  /** All tokens, billed once per epoch. */
  total: number
  /** Tokens with a loss. */
  trained: number
  /** Per message, its markers included; of a preference pair the prompt's messages, then both answers. */
  messages: number[]
  /** Per message, the tokens with a loss. */
  learnt: number[]
}

type Count = (text: string) => number

const sum = (figures: number[]): number => figures.reduce((total, figure) => total + figure, 0)

const textTokens = (text: string, count: Count): number => (text === '' ? 0 : count(text))
const tokensIn = ({ text, marker }: Stretch, count: Count): number => (marker ? 1 : textTokens(text, count))

/** Whether a message is text only, as nearly all are: counting these makes no list of stretches. */
const isText = ({ name, tool_calls, function_call }: CountableMessage): boolean =>
  name === undefined && tool_calls === undefined && function_call === undefined

/** The three markers around a text. */
const FRAME = 3

/** Tokens of a message, its markers included, and those with a loss. */
function messageTokens(message: CountableMessage, count: Count): { total: number; learnt: number } {
  if (isText(message)) {
    const text = textTokens(contentText(message.content), count)
    const total = FRAME + textTokens(message.role, count) + text
    return { total, learnt: isTrained(message) ? text + 1 : 0 }
  }
  let [total, learnt] = [0, 0]
  for (const stretch of messageStretches(message)) {
    const tokens = tokensIn(stretch, count)
    total += tokens
    if (stretch.trained) learnt += tokens
  }
  return { total, learnt }
}

const toolStretches = ({ tools, functions }: CountableChat): Stretch[] =>
  [tools, functions].filter(Boolean).map((value) => plain(value))

/**
 * Tokens of a chat example. The total is that of OpenAI's cookbook (Chat_finetuning_data_prep): 3 per message, its
 * values encoded, 1 more for a name, and 3 per example.
 */
export function exampleTokens(example: CountableExample, count: Count): ExampleTokens {
  const isPair = 'input' in example
  const chat = isPair ? example.input : example
  const [messages, learnt]: [number[], number[]] = [[], []]
  const add = (message: CountableMessage, learns: boolean) => {
    const tokens = messageTokens(message, count)
    messages.push(tokens.total)
    learnt.push(learns ? tokens.learnt : 0)
  }
  for (const message of chat.messages) add(message, !isPair)
  if (isPair)
    for (const message of [...example.preferred_output, ...example.non_preferred_output]) add(message, true)
  const tools = toolStretches(chat).map((stretch) => tokensIn(stretch, count))
  return { total: sum(tools) + sum(messages) + reply.length, trained: sum(learnt), messages, learnt }
}

/** An example against a context limit: all tokens, those with a loss (trained), and those of them within (left). */
interface Within {
  tokens: number
  trained: number
  left: number
}

function within(stretches: readonly Stretch[], limit: number, count: Count): Within {
  let [tokens, trained, left] = [0, 0, 0]
  for (const stretch of stretches) {
    const length = tokensIn(stretch, count)
    if (stretch.trained) {
      trained += length
      left += Math.min(length, Math.max(0, limit - tokens))
    }
    tokens += length
  }
  return { tokens, trained, left }
}

/** How much of an example fits into `limit` tokens. Of a preference pair: prompt + the answer that loses more. */
export function tokensWithin(example: CountableExample, limit: number, count: Count): Within {
  if (!('input' in example)) {
    const { tools, messages } = readingOf(example)
    return within([...tools, ...messages.flat(), ...reply], limit, count)
  }
  const { tools, messages } = readingOf(example.input)
  const asked = [...tools, ...messages.flat()].map((stretch) => ({ ...stretch, trained: false }))
  const [one, other] = [example.preferred_output, example.non_preferred_output].map((answer) =>
    within([...asked, ...answer.flatMap(messageStretches)], limit, count),
  ) as [Within, Within]
  return one.left - one.trained <= other.left - other.trained ? one : other
}
