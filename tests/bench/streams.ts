/**
 * What the studio adds to a stream: the time to the first token of a pane and of /v1 against asking the provider itself,
 * idle and amid 50 live streams; whether tokens are lost; when the provider learns of a stop.
 * Provider, readers of the live streams and this clock are processes of their own beside the running product.
 * node --conditions=react-server tests/bench/streams.ts [requests]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { newFolder, startEngine, stopEngine } from '../support/engine.ts'
import {
  askChat,
  askPane,
  type ChatServer,
  firstTokenMs,
  makeAlias,
  type PaneAnswer,
} from '../support/stream-client.ts'
import { mailbox, textOf } from '../support/stream-provider.ts'
import { discard, startStudio } from '../support/studio.ts'
import { inMs, quantile, spread } from './figures.ts'

const REQUESTS = Number(process.argv[2] ?? 200)
const LIVE = 50
/** ms between two tokens of a live stream: 200 a second. */
const EVERY = 5
const WIDE = 64
const ABORTS = 100

/** A short answer: what is measured is over before the next is asked for. */
const SHORT = 'whole:4:1:short-'

type Message = Record<string, unknown>

function child(file: string, args: string[] = []): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...env } = process.env
  return fork(path, args, { execArgv: [], env })
}

/** The first message of a child that has that field. */
const told = <Value>(from: ChildProcess, field: string): Promise<Value> =>
  new Promise((resolve, reject) => {
    from.on('message', (message: Message) => field in message && resolve(message[field] as Value))
    from.once('exit', (code) => reject(new Error(`The child ended with ${code} before it told ${field}.`)))
  })

interface Row {
  what: string
  figure: string
  goal: string
  met: boolean
}
const rows: Row[] = []

function note(what: string, value: number, most: number): void {
  rows.push({ what, figure: inMs(value), goal: `≤ ${inMs(most)}`, met: value <= most })
}

function noteAll(what: string, got: number, of: number): void {
  rows.push({ what, figure: `${got} of ${of}`, goal: `${of} of ${of}`, met: got === of })
}

/** A way to an answer; `base` is the way without the studio that it is measured against. */
interface Way {
  name: string
  base: string | null
  ask: (watch: Parameters<typeof askPane>[2]) => Promise<unknown>
}

/** Each way once a round, so that whatever else the machine does befalls all of them alike. */
async function interleaved(ways: Way[], rounds: number): Promise<Map<string, number[]>> {
  const times = new Map(ways.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = ways[(round + turn) % ways.length] as Way
      times.get(way.name)?.push(await firstTokenMs(way.ask))
    }
  }
  return times
}

type Goals = Record<string, { p50?: number; p99: number }>

/** What is added is the quantile less the median of the way without us: a slow moment of the provider is not taken off. */
async function measure(title: string, ways: Way[], goals: Goals): Promise<void> {
  const times = await interleaved(ways, REQUESTS)
  for (const { name, base } of ways) {
    const own = times.get(name) ?? []
    console.log(`${title}, ${name}: first token ${spread(own)}`)
    if (base === null) continue
    const without = quantile(times.get(base) ?? [], 0.5)
    const { p50, p99 } = goals[name] ?? { p99: Number.POSITIVE_INFINITY }
    if (p50 !== undefined) note(`${title}: ${name} adds, p50`, quantile(own, 0.5) - without, p50)
    note(`${title}: ${name} adds, p99`, quantile(own, 0.99) - without, p99)
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

type Ask = (model: string, watch?: Parameters<typeof askPane>[2]) => Promise<PaneAnswer>

async function countWhole(door: string, ask: Ask, models: string[]): Promise<void> {
  const answers = await Promise.all(models.map((model) => ask(model)))
  const whole = answers.filter(({ text }, index) => hash(text) === hash(textOf(models[index] ?? '')))
  noteAll(`${models.length} at once: ${door} with every token`, whole.length, models.length)
}

/** ms from a stop to the moment the provider saw it. */
async function stop(ask: Ask, model: string): Promise<number> {
  const control = new AbortController()
  const begun = Promise.withResolvers<void>()
  const over = ask(model, { signal: control.signal, onToken: () => begun.resolve() }).catch(() => undefined)
  await Promise.race([begun.promise, over])
  const at = Date.now()
  control.abort()
  return (await seen(model)) - at
}

/** Ten at a time, each a moment after its first token. */
async function stops(what: string, ask: Ask, models: string[]): Promise<void> {
  const took: number[] = []
  for (let from = 0; from < models.length; from += 10)
    took.push(...(await Promise.all(models.slice(from, from + 10).map((model) => stop(ask, model)))))
  console.log(`${what}: seen by the provider after ${spread(took)}`)
  noteAll(`${what}: seen within 1 s`, took.filter((ms) => ms <= 1000).length, models.length)
}

/** Rounds that the built-in engine's model needs until its code is warm. */
const WARM = 20

const upstream = child('stream-upstream.ts')
const leaving = mailbox<number>()
upstream.on('message', ({ model, at }: Message) => model && leaving(String(model)).resolve(Number(at)))

/** A stop that never arrives is told of as one that took a minute. */
function seen(model: string): Promise<number> {
  const late = Promise.withResolvers<number>()
  const timer = setTimeout(() => late.resolve(Date.now()), 60_000)
  return Promise.race([leaving(model).promise, late.promise]).finally(() => clearTimeout(timer))
}

const direct: ChatServer = { baseURL: await told<string>(upstream, 'baseURL'), key: 'sk-bench' }
const studio = await startStudio({ env: { OPENAI_BASE_URL: direct.baseURL, OPENAI_API_KEY: direct.key } })
const v1: ChatServer = { baseURL: `http://127.0.0.1:${studio.port}/v1`, key: studio.key() }
const aliasOf = (model: string): string => model.replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')
const hasAliases = await makeAlias(studio.url, aliasOf(SHORT), SHORT)
const engine = hasAliases ? null : await startEngine(await newFolder())

const paneOf: Ask = (model, watch) => askPane(studio.url, model, watch)
const v1Of: Ask = (model, watch) => askChat(v1, aliasOf(model), watch)

const panes: Way[] = [
  { name: 'provider itself', base: null, ask: (watch) => askChat(direct, SHORT, watch) },
  { name: 'pane', base: 'provider itself', ask: (watch) => paneOf(SHORT, watch) },
]
/** Without aliases /v1 has but one provider, the built-in engine: a second one of our own is the way without us. */
const programs: Way[] = engine
  ? [
      { name: 'engine itself', base: null, ask: (watch) => askChat(engine, 'limerick-base', watch) },
      { name: '/v1', base: 'engine itself', ask: (watch) => askChat(v1, 'limerick-base', watch) },
    ]
  : [{ name: '/v1', base: 'provider itself', ask: (watch) => v1Of(SHORT, watch) }]

/** The engine's own work would slow the others' rounds down, so that the two are not interleaved with one another. */
const groups = engine ? [panes, programs] : [[...panes, ...programs]]

async function measureAll(title: string, goals: Goals): Promise<void> {
  for (const ways of groups) await measure(title, ways, goals)
}

for (const ways of groups) await interleaved(ways, WARM)
await measureAll('idle', { pane: { p50: 8, p99: 30 }, '/v1': { p50: 8, p99: 30 } })

interface Streams {
  count: number
  tokens: number
  tag: string
}

const modelsOf = ({ count, tokens, tag }: Streams): string[] =>
  Array.from({ length: count }, (_, index) => `whole:${tokens}:${EVERY}:${tag}${index}-`)

type Task = (door: string, ask: Ask, models: string[]) => Promise<void>

/** The same of panes and of /v1, where each answer has an alias of its own, so that no two are taken for one. */
async function atBothDoors(streams: Streams, task: Task): Promise<void> {
  const { tag } = streams
  await task('panes', paneOf, modelsOf({ ...streams, tag: `${tag}-pane` }))
  if (!hasAliases) return
  const models = modelsOf({ ...streams, tag: `${tag}-v1-` })
  for (const model of models) await makeAlias(studio.url, aliasOf(model), model)
  await task('/v1', v1Of, models)
}

const endless = { count: ABORTS, tokens: 100_000 }
await atBothDoors({ count: WIDE, tokens: 400, tag: 'wide' }, countWhole)
await atBothDoors({ ...endless, tag: 'idle' }, (door, ask, models) =>
  stops(`${door} stopped, idle`, ask, models),
)

const load = child('stream-load.ts', [studio.url, String(LIVE), String(EVERY)])
load.on('message', ({ broke }: Message) => broke && console.log(`A live stream broke: ${broke}`))
await told(load, 'live')
await measureAll(`${LIVE} live`, { pane: { p99: 150 }, '/v1': { p99: 60 } })
await atBothDoors({ ...endless, tag: 'amid' }, (door, ask, models) =>
  stops(`${door} stopped, ${LIVE} live`, ask, models),
)
const perSecond = told<number>(load, 'perSecond')
load.send('end')
console.log(
  `live streams were served ${(await perSecond).toFixed(0)} of ${1000 / EVERY} tokens a second each`,
)

console.log(
  `\n/v1 was measured ${hasAliases ? 'through an alias' : 'with the built-in engine: no aliases here'}`,
)
console.table(Object.fromEntries(rows.map(({ what, ...row }) => [what, row])))
if (engine) await stopEngine(engine)
await discard(studio)
upstream.kill()
