import http, { type IncomingMessage } from 'node:http'
import { sessionOf } from './session.ts'

/** Reads the studio's streams as bytes on the wire, without any code of the product. */

/** One answer of a comparison, as received so far. */
export interface PaneAnswer {
  text: string
  /** Number of text chunks. */
  tokens: number
  ending: 'finished' | 'interrupted' | 'failed' | 'stopped' | null
  /** Code of its final error. */
  code: string | null
  finishReason: string | null
}

interface Line {
  type: string
  place: number
  text?: string
  error?: { code: string } | null
  facts?: { finishReason?: string | null }
}

interface Watch {
  signal?: AbortSignal
  /** Called with each text when it arrives, and its pane. */
  onToken?: (text: string, pane: number) => void
  /** Called when a pane has ended. */
  onEnd?: (pane: number) => void
}

interface Post {
  headers: Record<string, string | number>
  body: string
}

const jsonPost = (body: object, more: Record<string, string>): Post => {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  return { headers: { 'content-type': 'application/json', 'content-length': length, ...more }, body: text }
}

/** A new connection per request: measurements must not include the queue of a pool. */
function send(url: string, post: Post, signal?: AbortSignal): Promise<IncomingMessage> {
  const headers = { ...post.headers, ...sessionOf(Number(new URL(url).port)) }
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent: false, headers, ...(signal && { signal }) })
    request.on('response', resolve)
    request.on('error', reject)
    request.end(post.body)
  })
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  answer.setEncoding('utf8')
  for await (const part of answer as AsyncIterable<string>) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line) yield line
  }
}

/** @throws Error with the answer, if it is not a stream */
async function mustBeOk(answer: IncomingMessage): Promise<void> {
  if (answer.statusCode === 200 || answer.statusCode === 201) return
  answer.setEncoding('utf8')
  let body = ''
  for await (const part of answer as AsyncIterable<string>) body += part
  throw new Error(`${answer.statusCode}: ${body}`)
}

export const noAnswer = (): PaneAnswer => ({
  text: '',
  tokens: 0,
  ending: null,
  code: null,
  finishReason: null,
})

const ENDINGS = ['finished', 'interrupted', 'failed', 'stopped'] as const

function advance(answer: PaneAnswer, { type, text = '', error, facts }: Line): void {
  if (type === 'token') {
    answer.text += text
    answer.tokens++
  }
  const ending = ENDINGS.find((known) => known === type)
  if (!ending) return
  if (answer.ending) throw new Error(`An answer ended twice: ${answer.ending}, then ${ending}.`)
  answer.ending = ending
  answer.code = error?.code ?? null
  answer.finishReason = facts?.finishReason ?? null
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const comparisonId = (): string =>
  `cmp_${Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => DIGITS[byte % 62]).join('')}`

/** Request of a comparison: one pane per model of the configured provider. */
export function paneRequest(studio: string, models: string[]): Post {
  const panes = models.map((model) => ({ providerId: 'compatible', model }))
  const limits = { temperature: null, topP: null, seed: null, maxTokens: 32_768 }
  const body = { id: comparisonId(), system: '', prompt: 'Tell me about Neon', panes, ...limits }
  return jsonPost(body, { origin: studio })
}

/**
 * Asks models of the configured provider side by side, one pane each, and reads to the end of the stream.
 * @param answers filled as they arrive, so that a test can look before the end
 */
export async function askPanes(
  studio: string,
  models: string[],
  { signal, onToken, onEnd }: Watch = {},
  answers: PaneAnswer[] = models.map(noAnswer),
): Promise<PaneAnswer[]> {
  const response = await send(`${studio}/api/playground`, paneRequest(studio, models), signal)
  await mustBeOk(response)
  for await (const text of linesOf(response)) {
    const line = JSON.parse(text) as Line
    const answer = answers[line.place]
    if (!answer) throw new Error(`A line of no pane: ${text}`)
    advance(answer, line)
    if (line.type === 'token') onToken?.(line.text ?? '', line.place)
    if (answer.ending) onEnd?.(line.place)
  }
  return answers
}

/** One pane, read to its end. */
export async function askPane(studio: string, model: string, watch?: Watch): Promise<PaneAnswer> {
  const [answer] = await askPanes(studio, [model], watch)
  return answer as PaneAnswer
}

interface Served {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
}

export interface ChatServer {
  /** With `/v1`. */
  baseURL: string
  key: string
}

/** The same for `/v1/chat/completions`, ours or a provider's. */
export async function askChat(
  { baseURL, key }: ChatServer,
  model: string,
  { signal, onToken }: Watch = {},
): Promise<PaneAnswer> {
  const answer = noAnswer()
  const body = {
    model,
    stream: true,
    max_tokens: 32,
    messages: [{ role: 'user', content: 'Tell me about Neon' }],
  }
  const request = jsonPost(body, { authorization: `Bearer ${key}` })
  const response = await send(`${baseURL}/chat/completions`, request, signal)
  await mustBeOk(response)
  for await (const line of linesOf(response)) {
    if (!line.startsWith('data: {')) continue
    const [choice] = (JSON.parse(line.slice('data: '.length)) as Served).choices ?? []
    const text = choice?.delta?.content ?? ''
    answer.finishReason = choice?.finish_reason ?? answer.finishReason
    if (!text) continue
    answer.text += text
    answer.tokens++
    onToken?.(text, 0)
  }
  answer.ending = answer.finishReason ? 'finished' : 'interrupted'
  return answer
}

/** ms until the first text of an answer; then reads the answer to its end. */
export async function firstTokenMs(ask: (watch: Watch) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  let first = Number.NaN
  await ask({
    onToken() {
      if (Number.isNaN(first)) first = performance.now() - began
    },
  })
  if (Number.isNaN(first)) throw new Error('An answer without a token.')
  return first
}

/**
 * Creates an alias at /v1 for a model of the configured provider.
 * @returns false in a build without aliases
 */
export async function makeAlias(studio: string, alias: string, model: string): Promise<boolean> {
  const request = jsonPost({ name: alias, providerId: 'compatible', model }, { origin: studio })
  const response = await send(`${studio}/api/models/aliases`, request)
  if (response.statusCode === 404) {
    response.resume()
    return false
  }
  await mustBeOk(response)
  response.resume()
  return true
}
