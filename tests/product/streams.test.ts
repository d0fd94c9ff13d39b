import { createHash } from 'node:crypto'
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureLateness } from '../support/lateness.ts'
import { sessionOf } from '../support/session.ts'
import { askPane, askPanes, noAnswer, type PaneAnswer, paneRequest } from '../support/stream-client.ts'
import { type StreamProvider, startStreamProvider, textOf } from '../support/stream-provider.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'

/** ms until a reader's leaving must reach the provider: until then it may cost money. */
const SOON = 1000

let provider: StreamProvider
let studio: Studio
beforeAll(async () => {
  provider = await startStreamProvider()
  const env = { OPENAI_BASE_URL: provider.baseURL, OPENAI_API_KEY: 'sk-test-streams' }
  studio = await startStudio({ env })
})
afterAll(async () => {
  await discard(studio)
  await provider.close()
})

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Resolves when each pane that is asked has shown its first token. */
function allBegun(count: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = new Set<number>()
  const onToken = (_text: string, pane: number) => {
    begun.add(pane)
    if (begun.size === count) resolve()
  }
  return { promise, onToken }
}

test('64 streams at once, half of them in split chunks: no token is lost, doubled or mixed up', async () => {
  const modelOf = (index: number) => `${index % 2 ? 'torn' : 'whole'}:200:5:s${index}-`
  const comparisons = Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (_, pane) => modelOf(row * 8 + pane)),
  )
  const answers = await Promise.all(comparisons.map((models) => askPanes(studio.url, models)))
  const seen = answers.flat().map(({ text, ending }) => ({ ending, hash: hash(text) }))
  const expected = comparisons.flat().map((model) => ({ ending: 'finished', hash: hash(textOf(model)) }))
  expect(seen).toEqual(expected)
})

/** A stop before the first token takes another path than one between two tokens. */
async function stopped(model: string, waitsForToken: boolean): Promise<number> {
  const stop = new AbortController()
  const begun = allBegun(1)
  const { signal } = stop
  const over = askPane(studio.url, model, { signal, onToken: begun.onToken }).catch(String)
  await (waitsForToken ? begun.promise : provider.asked(model))
  const at = Date.now()
  stop.abort()
  expect(await over).toMatch('aborted')
  return (await provider.left(model)) - at
}

test('20 of 20 stops reach the provider within a second, before and after the first token', async () => {
  const lateness = measureLateness()
  const took: number[] = []
  for (let index = 0; index < 20; index++) {
    const streaming = index % 2 === 0
    took.push(await stopped(`${streaming ? 'whole:10000:5' : 'silent:0:0'}:stop${index}-`, streaming))
  }
  expect(took).toHaveLength(20)
  expect(Math.max(...took)).toBeLessThanOrEqual(SOON + lateness())
})

const STALLED = 'stalled:3:5:still-'

/** Model, and how its pane must end. The text so far is kept in every case. */
const FATES: [model: string, Omit<PaneAnswer, 'text' | 'tokens'>][] = [
  ['whole:20:5:whole-', { ending: 'finished', code: null, finishReason: 'stop' }],
  ['cut:20:5:cut-', { ending: 'interrupted', code: null, finishReason: null }],
  ['severed:20:5:severed-', { ending: 'interrupted', code: 'provider_unreachable', finishReason: null }],
  ['error:20:5:error-', { ending: 'interrupted', code: 'provider_refused', finishReason: null }],
  ['error:0:5:at-once-', { ending: 'failed', code: 'provider_refused', finishReason: null }],
  ['refused:0:0:refused-', { ending: 'failed', code: 'provider_refused', finishReason: null }],
  ['slow:6:300:slow-', { ending: 'finished', code: null, finishReason: 'stop' }],
  [STALLED, { ending: null, code: null, finishReason: null }],
]

test('eight panes with eight outcomes: each ends like its own answer, and none waits for the stalled one', async () => {
  const models = FATES.map(([model]) => model)
  const answers = models.map(noAnswer)
  const stop = new AbortController()
  const others = Promise.withResolvers<void>()
  const onEnd = () => answers.filter(({ ending }) => ending).length === models.length - 1 && others.resolve()
  const over = askPanes(studio.url, models, { signal: stop.signal, onEnd }, answers).catch(String)
  await others.promise
  const seen = answers.map(({ tokens, ...answer }, pane) => [models[pane], answer])
  expect(seen).toEqual(FATES.map(([model, fate]) => [model, { ...fate, text: textOf(model) }]))

  const lateness = measureLateness()
  const at = Date.now()
  stop.abort()
  expect(await over).toMatch('aborted')
  expect((await provider.left(STALLED)) - at).toBeLessThanOrEqual(SOON + lateness())
})

test('a web page instead of an answer is a named failure', async () => {
  const { ending, code, text } = await askPane(studio.url, 'html:0:0:html-')
  expect({ ending, code: typeof code, text }).toEqual({ ending: 'failed', code: 'string', text: '' })
})

/** As when a browser is killed: the connection just breaks. */
function askAndVanish(models: string[]): Promise<number> {
  const { headers, body } = paneRequest(studio.url, models)
  const lines = [
    'POST /api/playground HTTP/1.1',
    `host: localhost:${studio.port}`,
    ...Object.entries({ ...headers, ...sessionOf(studio.port) }).map(([name, value]) => `${name}: ${value}`),
  ]
  const socket = net.connect(studio.port, '127.0.0.1')
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('error', reject)
    socket.on('data', (part) => {
      text += part
      if (!models.every((model) => text.includes(textOf(model.replace(':10000:', ':1:')).trim()))) return
      socket.removeAllListeners('data')
      socket.resetAndDestroy()
      resolve(Date.now())
    })
  })
}

test('closing the page ends all its answers at the provider within a second', async () => {
  const models = Array.from({ length: 8 }, (_, pane) => `whole:10000:5:gone${pane}-`)
  const lateness = measureLateness()
  const at = await askAndVanish(models)
  const seen = await Promise.all(models.map((model) => provider.left(model)))
  expect(Math.max(...seen) - at).toBeLessThanOrEqual(SOON + lateness())
})

test('at the end no answer is open at the provider, and readers that left caused no error', async () => {
  expect(provider.open()).toBe(0)
  expect(studio.output()).not.toMatch(/\bat \S+ \(|Error/)
})
