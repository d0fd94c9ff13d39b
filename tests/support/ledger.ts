import { newJobId, randomText } from '#lib/core/ids.ts'
import { jsonlFile } from './elle.ts'
import type { Studio } from './studio.ts'

/** One operation on the product; it always ends, since a kill breaks its connection. */
type Act = (studio: Studio, ledger: Ledger) => Promise<void>

interface WrittenRow {
  text: string
  /** Revision of the last acknowledged change; null: unknown, the row is not changed again. */
  revision: number | null
  /** The requested text of a change without an answer. */
  asked: string | null
}

/** Everything that the product has acknowledged so far. */
export class Ledger {
  /** Dataset of the rows below. */
  datasetId = ''
  /** Dataset that jobs train on. */
  elle = ''
  readonly rows = new Map<string, WrittenRow>()
  /** Rows requested without an answer. */
  readonly doubtful = new Set<string>()
  readonly versions = new Set<string>()
  readonly imports = new Map<string, string>()
  readonly files = new Map<string, string>()
  readonly keys = new Set<string>()
  /** Acknowledged moves of the alias, and the newest reason. */
  moves: string[] = []
  readonly runs = new Set<string>()
  readonly evals = new Set<string>()
  streams = 0

  /** Count per kind. */
  counts(): Record<string, number> {
    const { rows, versions, imports, files, keys, moves, runs, evals, streams } = this
    return {
      rows: rows.size,
      versions: versions.size,
      imports: imports.size,
      files: files.size,
      keys: keys.size,
      moves: moves.length,
      runs: runs.size,
      evals: evals.size,
      streams,
    }
  }
}

export async function send<Answer>(
  studio: Studio,
  method: string,
  route: string,
  body: unknown,
): Promise<Answer> {
  const answer = await fetch(`${studio.url}${route}`, {
    method,
    headers: { origin: studio.url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${text}`)
  return JSON.parse(text) as Answer
}

/** Reading twice changes nothing, and a connection kept from before a kill may break under the first request after it. */
export const get = (studio: Studio, route: string): Promise<Response> =>
  fetch(`${studio.url}${route}`).catch(() => fetch(`${studio.url}${route}`))

export async function read<Answer>(studio: Studio, route: string): Promise<Answer> {
  const answer = await get(studio, route)
  if (!answer.ok) throw new Error(`GET ${route}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}

const lineOf = (text: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: 'yes' },
    ],
  })

/** A dataset to write to, and Elle. */
export async function openLedger(studio: Studio): Promise<Ledger> {
  const ledger = new Ledger()
  const made = await send<{ id: string }>(studio, 'POST', '/api/datasets', { name: 'kept' })
  const elle = await send<{ id: string }>(studio, 'POST', '/api/datasets/sample', {})
  ledger.datasetId = made.id
  ledger.elle = elle.id
  return ledger
}

interface Saved {
  id: string
  revision: number
}

const rowsOf = ({ datasetId }: Ledger): string => `/api/datasets/${datasetId}/rows`

const addRow: Act = async (studio, ledger) => {
  const text = `row ${randomText(12)}`
  ledger.doubtful.add(text)
  const { id, revision } = await send<Saved>(studio, 'POST', rowsOf(ledger), { line: lineOf(text) })
  ledger.doubtful.delete(text)
  ledger.rows.set(id, { text, revision, asked: null })
}

const editRow: Act = async (studio, ledger) => {
  const [id, row] = [...ledger.rows].findLast(([, { revision }]) => revision !== null) ?? []
  if (!id || !row) return
  const text = `edited ${randomText(12)}`
  const { revision: from } = row
  Object.assign(row, { revision: null, asked: text })
  const route = `${rowsOf(ledger)}/${id}`
  const { revision } = await send<Saved>(studio, 'PATCH', route, { revision: from, line: lineOf(text) })
  Object.assign(row, { text, revision, asked: null })
}

const freeze: Act = async (studio, ledger) => {
  const { id } = await send<{ id: string }>(studio, 'POST', `/api/datasets/${ledger.datasetId}/versions`, {
    name: `v ${randomText(8)}`,
  })
  ledger.versions.add(id)
}

/** Rows of one import, sometimes several MB. */
const importFile: Act = async (studio, ledger) => {
  const rows = Math.random() < 0.1 ? 20_000 : 200
  const text = Array.from({ length: rows }, (_, n) => `${lineOf(`${randomText(6)} ${n}`)}\n`).join('')
  const answer = await fetch(`${studio.url}/api/datasets/import?name=imported&split=train`, {
    method: 'POST',
    headers: { origin: studio.url, 'content-type': 'application/octet-stream' },
    body: text,
  })
  const news = (await answer.text()).trimEnd().split('\n').at(-1) ?? ''
  const done = JSON.parse(news) as { type: string; dataset: { id: string } }
  if (done.type !== 'done') throw new Error(news)
  ledger.imports.set(done.dataset.id, text)
}

const uploadFile: Act = async (studio, ledger) => {
  const text = `${lineOf(randomText(1000))}\n`.repeat(20)
  const { id } = await studio.sdk().files.create({ file: await jsonlFile(text), purpose: 'fine-tune' })
  ledger.files.set(id, text)
}

const makeKey: Act = async (studio, ledger) => {
  const name = `key ${randomText(8)}`
  await send(studio, 'POST', '/api/access/keys', { name })
  ledger.keys.add(name)
}

const moveAlias: Act = async (studio, ledger) => {
  const why = randomText(12)
  await send(studio, 'POST', '/api/models/aliases', {
    name: 'kept',
    providerId: 'embedded',
    // Each time another name of the built-in base model: the alias must point to an existing model.
    model: `gpt-4o-mini-${1_000 + Math.floor(Math.random() * 9_000)}`,
    why,
  })
  ledger.moves.push(why)
}

/** Ten short steps, so that a kill can hit a job at any point. */
const launch: Act = async (studio, ledger) => {
  const { id } = await send<{ id: string }>(studio, 'POST', '/api/jobs', {
    id: newJobId(),
    providerId: 'embedded',
    model: 'limerick-base',
    training: { datasetId: ledger.elle, split: 'train' },
    validation: null,
    suffix: '',
    seed: 1,
    hyperparameters: { nEpochs: 1, batchSize: 1, learningRateMultiplier: 'auto' },
  })
  ledger.runs.add(id)
}

const evaluate: Act = async (studio, ledger) => {
  const { id } = await send<{ id: string }>(studio, 'POST', '/api/evals', {
    id: `eval_${randomText(24)}`,
    datasetId: ledger.elle,
    rows: 2,
    columns: [{ providerId: 'embedded', model: 'limerick-base', fewShot: 0 }],
    graders: [{ kind: 'limerick' }],
  })
  ledger.evals.add(id)
}

/** A stream that was cut off must not look complete. */
const chat: Act = async (studio, ledger) => {
  const stream = await studio.sdk().chat.completions.create({
    model: 'limerick-base',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 40,
    stream: true,
  })
  let finish: string | null = null
  for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish
  if (finish === null) throw new Error('A stream ended as if it were whole.')
  ledger.streams++
}

/** The writers, each sequential; pauses in ms leave CPU time to the others. */
export const writers: { act: Act; pause: number }[] = [
  { act: addRow, pause: 5 },
  { act: editRow, pause: 20 },
  { act: freeze, pause: 500 },
  { act: importFile, pause: 300 },
  { act: uploadFile, pause: 100 },
  { act: makeKey, pause: 300 },
  { act: moveAlias, pause: 30 },
  { act: launch, pause: 1500 },
  { act: evaluate, pause: 2000 },
  { act: chat, pause: 100 },
]
