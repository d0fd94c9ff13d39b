import { StringDecoder } from 'node:string_decoder'

/** What an answer told of itself on its way through. */
export interface Heard {
  /** ms since the request came, at its first text; null while there is none. */
  firstTokenMs: number | null
  finishReason: string | null
  model: string | null
  promptTokens: number | null
  /** Of these, what the provider had read before. */
  cachedTokens: number | null
  completionTokens: number | null
  /** Characters of text, for a provider that does not count. */
  written: number
  /** It ended as it should: with a reason, or with a line that says so. */
  whole: boolean
  /** It broke off with an error of the provider's. */
  failed: boolean
}

interface Text {
  content?: unknown
  reasoning_content?: unknown
  refusal?: unknown
  tool_calls?: unknown
}

/** Only what is read of an answer or of a part of one; all of it may be missing or be something else. */
interface Told {
  model?: unknown
  error?: unknown
  choices?: ({ finish_reason?: unknown; delta?: Text | null; message?: Text | null } | null)[]
  usage?: {
    prompt_tokens?: unknown
    completion_tokens?: unknown
    prompt_tokens_details?: { cached_tokens?: unknown } | null
  } | null
}

export const nothingHeard = (): Heard => ({
  firstTokenMs: null,
  finishReason: null,
  model: null,
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  written: 0,
  whole: false,
  failed: false,
})

const count = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null)

const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  return value ? JSON.stringify(value).length : 0
}

const written = (text: Text | null | undefined): number =>
  lengthOf(text?.content) +
  lengthOf(text?.reasoning_content) +
  lengthOf(text?.refusal) +
  lengthOf(text?.tool_calls)

function hearUsage(heard: Heard, { usage }: Told): void {
  if (!usage) return
  heard.promptTokens = count(usage.prompt_tokens)
  heard.completionTokens = count(usage.completion_tokens)
  heard.cachedTokens = count(usage.prompt_tokens_details?.cached_tokens)
}

function hear(heard: Heard, told: Told, began: number): void {
  if (told.error) heard.failed = true
  if (heard.model === null && typeof told.model === 'string') heard.model = told.model
  for (const choice of Array.isArray(told.choices) ? told.choices : []) {
    const length = written(choice?.delta ?? choice?.message)
    if (length > 0) heard.firstTokenMs ??= performance.now() - began
    heard.written += length
    if (typeof choice?.finish_reason !== 'string') continue
    heard.finishReason = choice.finish_reason
    heard.whole = true
  }
  hearUsage(heard, told)
}

function parse(text: string): Told | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Told) : null
  } catch {
    return null
  }
}

/** Reads a plain answer. @param began as performance.now() tells it */
export function hearAnswer(heard: Heard, text: string, began: number): void {
  const told = parse(text)
  if (told) hear(heard, told, began)
}

const END = /\r\n\r\n|\n\n|\r\r/g

/** Characters of one event that are waited for; a longer one goes by unread. */
const LONGEST = 1024 * 1024

/** Takes text apart into whole events, each with the empty line that ends it. */
function events(): { push(text: string): string[]; rest(): string } {
  let rest = ''
  return {
    push(text) {
      rest += text
      const found: string[] = []
      let from = 0
      for (const { 0: end, index } of rest.matchAll(END)) {
        found.push(rest.slice(from, index + end.length))
        from = index + end.length
      }
      rest = rest.slice(from)
      if (rest.length <= LONGEST) return found
      found.push(rest)
      rest = ''
      return found
    },
    rest: () => rest,
  }
}

const dataOf = (event: string): string =>
  event
    .split(/\r\n|\n|\r/)
    .flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length).trim()] : []))
    .join('\n')

const isOnlyUsage = ({ choices, usage }: Told): boolean =>
  Boolean(usage) && Array.isArray(choices) && choices.length === 0

/** A stream that is listened to. */
export interface Ear {
  /** @returns what of it the caller is to get */
  take(part: Buffer): Buffer | string
  /** What was left when it ended. */
  last(): string
}

/**
 * Listens to a streamed answer. Bytes are handed on as they came, and read afterwards; only where the usage was asked
 * for by us alone are events read first, so that the one which holds it can be kept back.
 */
export function listen(heard: Heard, began: number, ownUsage: boolean): Ear {
  const decoder = new StringDecoder('utf8')
  const { push, rest } = events()
  const read = (event: string): boolean => {
    const data = dataOf(event)
    if (data === '[DONE]') heard.whole = true
    const told = data.startsWith('{') ? parse(data) : null
    if (told) hear(heard, told, began)
    return !(ownUsage && told && isOnlyUsage(told))
  }
  const keep = (text: string): string => push(text).filter(read).join('')
  return {
    take(part) {
      const kept = keep(decoder.write(part))
      return ownUsage ? kept : part
    },
    last() {
      const end = rest()
      const kept = end === '' || read(end) ? end : ''
      return ownUsage ? kept : ''
    },
  }
}
