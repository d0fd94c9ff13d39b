/** What counting needs to know of an example; anything that looks like it will do. */
export interface CountableExample {
  messages: readonly CountableMessage[]
  tools?: unknown
  functions?: unknown
}

interface CountableMessage {
  role: string
  content?: string | readonly { type: string; text?: string }[] | null
  name?: string
  weight?: number
  tool_calls?: unknown
  function_call?: unknown
}

export interface ExampleTokens {
  /** Everything that is read, and billed once per epoch. */
  total: number
  /** The part the loss looks at: assistant turns whose weight is not 0. */
  trained: number
  /** One figure per message, its frame included. */
  messages: number[]
}

/** Tokens that frame every message, and the reply's opening that every example ends with. */
const PER_MESSAGE = 3
const PER_NAME = 1
const PER_EXAMPLE = 3

type Count = (text: string) => number

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : (JSON.stringify(value) ?? '')

const contentText = (content: CountableMessage['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('')

function messageTokens(message: CountableMessage, count: Count): number {
  const { role, content, name, tool_calls, function_call } = message
  const words = [role, contentText(content), asText(tool_calls), asText(function_call)]
  const frame = PER_MESSAGE + (name === undefined ? 0 : PER_NAME + count(name))
  return words.reduce((sum, text) => sum + (text ? count(text) : 0), frame)
}

/**
 * Tokens of a chat example by the formula of OpenAI's cookbook (Chat_finetuning_data_prep): 3 per message,
 * its values encoded, 1 more for a name, and 3 per example. Tool calls and definitions are counted as their
 * JSON text and pictures not at all, so this is an estimate where an example has them.
 */
export function exampleTokens(example: CountableExample, count: Count): ExampleTokens {
  const messages = example.messages.map((message) => messageTokens(message, count))
  const sum = (figures: number[]) => figures.reduce((total, figure) => total + figure, 0)
  const learnt = ({ role, weight }: CountableMessage) => role === 'assistant' && weight !== 0
  const tools = [example.tools, example.functions].map((value) => (value ? count(asText(value)) : 0))
  return {
    total: sum(messages) + sum(tools) + PER_EXAMPLE,
    trained: sum(messages.filter((_, index) => learnt(example.messages[index] as CountableMessage))),
    messages,
  }
}
