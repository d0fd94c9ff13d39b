/** Text of one choice, as chat completions write it: a delta, or the whole message. */
interface WireText {
  content?: unknown
  reasoning_content?: unknown
  refusal?: unknown
  tool_calls?: unknown
}

interface WireChoice {
  finish_reason?: unknown
  delta?: WireText | null
  message?: WireText | null
  /** Of a plain completion. */
  text?: unknown
  logprobs?: unknown
}

interface WireDetails {
  cached_tokens?: unknown
}

/**
 * The fields that are read of an answer, or of one chunk of it: chat completions, completions and responses alike. A
 * server may leave out, add or misspell anything.
 */
export interface WirePart {
  id?: unknown
  model?: unknown
  system_fingerprint?: unknown
  error?: unknown
  choices?: (WireChoice | null)[]
  usage?: {
    prompt_tokens?: unknown
    completion_tokens?: unknown
    prompt_tokens_details?: WireDetails | null
    input_tokens?: unknown
    output_tokens?: unknown
    input_tokens_details?: WireDetails | null
  } | null
  /** Of an event of a response: its name, and the text that it adds. */
  type?: unknown
  delta?: unknown
  /** The response as it is at this event. */
  response?: WirePart | null
  object?: unknown
  status?: unknown
  incomplete_details?: { reason?: unknown } | null
  output?: unknown
}

/** Tokens as the provider counted them. */
export interface Usage {
  promptTokens: number | null
  /** Part of the prompt that the provider had in its cache. */
  cachedTokens: number | null
  completionTokens: number | null
}

/** What one part of an answer adds; null and '' for nothing. */
export interface AnswerPart {
  id: string | null
  model: string | null
  fingerprint: string | null
  finishReason: string | null
  /** Text of the first choice. */
  text: string
  /** Characters that were generated, in all choices: reasoning and tool calls too. */
  written: number
  usage: Usage | null
  /** It reports an error of the provider. */
  failed: boolean
}

/** Characters kept of a provider's model name or finish reason. */
const MOST_WORD = 512

const wordIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST_WORD) : null

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

const countIn = (value: unknown): number | null =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null

/** Characters of a text, or of anything else as JSON. */
export const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  return value ? JSON.stringify(value).length : 0
}

export const isWirePart = (value: unknown): value is WirePart => typeof value === 'object' && value !== null

function writtenIn(choice: WireChoice | null): number {
  const { content, reasoning_content, refusal, tool_calls } = choice?.delta ?? choice?.message ?? {}
  return [choice?.text, content, reasoning_content, refusal, tool_calls].reduce<number>(
    (sum, value) => sum + lengthOf(value),
    0,
  )
}

function usageIn({ usage }: WirePart): Usage | null {
  if (!usage) return null
  const details = usage.prompt_tokens_details ?? usage.input_tokens_details
  return {
    promptTokens: countIn(usage.prompt_tokens ?? usage.input_tokens),
    cachedTokens: countIn(details?.cached_tokens),
    completionTokens: countIn(usage.completion_tokens ?? usage.output_tokens),
  }
}

const choicesIn = ({ choices }: WirePart): (WireChoice | null)[] => (Array.isArray(choices) ? choices : [])

/** How a whole response, or the last event of a streamed one, reports its end. */
function endOfResponse({ object, status, incomplete_details: details }: WirePart): string | null {
  if (object !== 'response' || (status !== 'completed' && status !== 'incomplete')) return null
  return wordIn(details?.reason) ?? status
}

/** Adds a part's usage; counts that it lacks stay unchanged. */
export function noteUsage(known: Usage, { usage }: AnswerPart): void {
  known.promptTokens = usage?.promptTokens ?? known.promptTokens
  known.cachedTokens = usage?.cachedTokens ?? known.cachedTokens
  known.completionTokens = usage?.completionTokens ?? known.completionTokens
}

/** A token and its probability, 0 to 1. */
interface Likely {
  text: string
  probability: number
}

interface LikelyToken extends Likely {
  /** The likeliest tokens in its place. */
  likeliest: Likely[]
}

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function likelyIn(value: unknown): Likely | null {
  const { token, logprob } = fieldsOf(value)
  if (typeof token !== 'string' || typeof logprob !== 'number' || Number.isNaN(logprob)) return null
  // Rounded: four digits are more than a page shows.
  const probability = Math.round(Math.min(1, Math.exp(logprob)) * 10_000) / 10_000
  return { text: token.slice(0, MOST_WORD), probability }
}

/** The tokens that a chunk of a chat adds, with their probabilities; none where the server tells none. */
export function tokensOfPart(part: WirePart): LikelyToken[] {
  const { content } = fieldsOf(choicesIn(part)[0]?.logprobs)
  return listIn(content).flatMap((token) => {
    const likely = likelyIn(token)
    if (!likely) return []
    const likeliest = listIn(fieldsOf(token).top_logprobs).flatMap((other) => likelyIn(other) ?? [])
    return { ...likely, likeliest }
  })
}

/** Reads one chunk of a streamed answer, or a whole one. */
export function readPart(part: WirePart): AnswerPart {
  const choices = choicesIn(part)
  const first = choices[0]?.delta ?? choices[0]?.message
  const reasons = choices.map((choice) => wordIn(choice?.finish_reason))
  return {
    id: wordIn(part.id),
    model: wordIn(part.model),
    fingerprint: wordIn(part.system_fingerprint),
    finishReason: reasons.findLast((reason) => reason !== null) ?? endOfResponse(part),
    text: textIn(first?.content) || textIn(first?.refusal),
    written:
      choices.reduce((sum, choice) => sum + writtenIn(choice), 0) +
      (typeof part.delta === 'string' ? part.delta.length : 0),
    usage: usageIn(part),
    failed:
      Boolean(part.error) ||
      part.type === 'error' ||
      (part.object === 'response' && part.status === 'failed'),
  }
}
