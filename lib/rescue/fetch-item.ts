import { z } from 'zod'
import { keepAnswer, keepStream, once } from '#lib/archive/keep.ts'
import type { ItemFacts } from '#lib/archive/schema.ts'
import { type Found, findItem, type ItemRecord, type PartRecord, type Saved } from '#lib/archive/store.ts'
import { isTerminal } from '#lib/jobs/status.ts'
import { RemoteJob, RemoteList } from '#lib/jobs/wire.ts'
import { client } from '#lib/providers/client.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import { askBytes, asWanted, MOST_OBJECT, MOST_PAGE } from '#lib/providers/request.ts'
import { type Asking, patiently } from './asking.ts'
import { type PageQuery, readPages } from './pages.ts'
import { whole } from './whole.ts'

/** ms for which a download may bring nothing. */
const IDLE = 60_000

/** What the lists of this rescue have said: the objects of files and models need no request of their own. */
type Listed = Map<string, string>

export interface Fetching extends Asking {
  listed: Listed
}

const File = z.object({
  id: z.string().min(1).max(128),
  bytes: z.number().nullish().catch(null),
  filename: z.string().max(512).nullish().catch(null),
  purpose: z.string().max(64).nullish().catch(null),
})
const Model = z.object({
  id: z.string().min(1).max(512),
  shutdown_date: z.iso.date().nullish().catch(null),
})

const fileFacts = ({ filename, purpose }: z.infer<typeof File>): ItemFacts => ({
  ...(filename ? { filename } : {}),
  ...(purpose ? { purpose } : {}),
})
const modelFacts = ({ shutdown_date }: z.infer<typeof Model>): ItemFacts =>
  shutdown_date ? { shutdownDate: shutdown_date } : {}

const PURPOSES = ['fine-tune', 'fine-tune-results']

/** The lists that say what there is. */
export const LISTS: readonly Found[] = ['jobs', ...PURPOSES, 'models'].map((id) => ({
  kind: 'list',
  id,
  again: true,
}))

const ask = (
  fetching: Fetching,
  path: string[],
  most: number,
  query?: Record<string, string | number | undefined>,
) => patiently(fetching, () => askBytes(fetching.providerId, { path, query, most, signal: fetching.signal }))

/** Keeps every page of a list as it comes. @param look is given the entries */
async function keepPages(
  fetching: Fetching,
  path: string[],
  look: (entries: unknown[]) => void = () => {},
  query: Record<string, string> = {},
): Promise<PartRecord[]> {
  const parts: PartRecord[] = []
  await readPages(
    fetching.providerId,
    ({ limit, after }: PageQuery) => ask(fetching, path, MOST_PAGE, { ...query, limit, after }),
    async (page, fresh) => {
      parts.push(await keepAnswer(page))
      look(fresh)
    },
  )
  return parts
}

const JOBS = ['fine_tuning', 'jobs']

/** Reads each entry that fits; others are kept in their page alone. */
const fitting = <Entry>(schema: z.ZodType<Entry>, entries: readonly unknown[]): [Entry, unknown][] =>
  entries.flatMap((entry) => {
    const { data } = schema.safeParse(entry)
    return data === undefined ? [] : [[data, entry]]
  })

async function jobList(fetching: Fetching): Promise<Saved> {
  const found: Found[] = []
  const parts = await keepPages(fetching, JOBS, (entries) => {
    for (const [{ id }] of fitting(RemoteJob, entries)) found.push({ kind: 'job', id })
  })
  return { parts, final: false, found }
}

/** A server may ignore which purpose was asked for. */
async function fileList(fetching: Fetching, purpose: string): Promise<Saved> {
  const found: Found[] = []
  const look = (entries: unknown[]) => {
    for (const [file, entry] of fitting(File, entries)) {
      if ((file.purpose ?? purpose) !== purpose) continue
      fetching.listed.set(`file ${file.id}`, JSON.stringify(entry))
      found.push({ kind: 'file', id: file.id, facts: fileFacts(file) })
    }
  }
  return { parts: await keepPages(fetching, ['files'], look, { purpose }), final: false, found }
}

/** Models come in one answer, which has no pages. */
async function modelList(fetching: Fetching): Promise<Saved> {
  const bytes = await ask(fetching, ['models'], MOST_PAGE)
  const { data } = asWanted(fetching.providerId, bytes.toString('utf8'), 'models', RemoteList)
  const tuned = fitting(Model, data ?? []).filter(([{ id }]) => kindOf(id) !== 'base')
  for (const [{ id }, entry] of tuned) fetching.listed.set(`model ${id}`, JSON.stringify(entry))
  const found = tuned.map(([model]): Found => ({ kind: 'model', id: model.id, facts: modelFacts(model) }))
  return { parts: [await keepAnswer(bytes)], final: false, found }
}

function list(fetching: Fetching, id: string): Promise<Saved> {
  if (id === 'jobs') return jobList(fetching)
  return id === 'models' ? modelList(fetching) : fileList(fetching, id)
}

/** What a job names. Its results may still grow while it runs, and so may its history. */
function namedBy({ id, training_file, validation_file, result_files, fine_tuned_model }: RemoteJob): Found[] {
  const files = [training_file, validation_file].flatMap((file) => file || [])
  return [
    { kind: 'events', id, again: true },
    { kind: 'checkpoints', id, again: true },
    ...files.map((file): Found => ({ kind: 'file', id: file })),
    ...(result_files ?? []).map((file): Found => ({ kind: 'file', id: file, again: true })),
    ...(fine_tuned_model ? [{ kind: 'model', id: fine_tuned_model } satisfies Found] : []),
  ]
}

async function job(fetching: Fetching, id: string): Promise<Saved> {
  const bytes = await ask(fetching, [...JOBS, id], MOST_OBJECT)
  const remote = asWanted(fetching.providerId, bytes.toString('utf8'), 'job', RemoteJob)
  return { parts: [await keepAnswer(bytes)], final: isTerminal(remote.status), found: namedBy(remote) }
}

/** Some providers give the weights of each checkpoint as files. */
const WithFiles = z.object({ result_files: z.array(z.string().min(1).max(512)) })

/** Events or checkpoints: complete when the job had ended before they were read. */
async function history(fetching: Fetching, { kind, remote_id }: ItemRecord): Promise<Saved> {
  const of = await findItem(fetching.providerId, 'job', remote_id)
  const found: Found[] = []
  const look = (entries: unknown[]) => {
    for (const [{ result_files }] of fitting(WithFiles, entries))
      found.push(...result_files.map((id): Found => ({ kind: 'file', id })))
  }
  const parts = await keepPages(
    fetching,
    [...JOBS, remote_id, kind],
    kind === 'checkpoints' ? look : undefined,
  )
  return { parts, final: of?.final === 1, found }
}

const announcedBy = ({ headers }: Response): number | null => {
  const length = headers.get('content-length')
  // Of a compressed answer it is the compressed length.
  return length === null || headers.has('content-encoding') ? null : Number(length)
}

/** Downloads the content of a file. A download that brings nothing for a while is ended. */
async function content({ providerId, signal }: Fetching, id: string, stored: number | null) {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(), IDLE)
  async function* lively(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      timer.refresh()
      yield chunk
    }
  }
  try {
    const both = AbortSignal.any([signal, stalled.signal])
    const answer = await client(providerId).files.content(id, { signal: both })
    const source = whole(lively(answer.body ?? once(new Uint8Array())), { sent: announcedBy(answer), stored })
    return await keepStream(source)
  } finally {
    clearTimeout(timer)
  }
}

/** The object of a file or model, as a list has it or as it is asked for. */
async function object(fetching: Fetching, { kind, remote_id }: ItemRecord, path: string): Promise<Buffer> {
  const listed = fetching.listed.get(`${kind} ${remote_id}`)
  return listed === undefined ? ask(fetching, [path, remote_id], MOST_OBJECT) : Buffer.from(listed)
}

/** Its object, then its content. */
async function file(fetching: Fetching, item: ItemRecord): Promise<Saved> {
  const bytes = await object(fetching, item, 'files')
  const facts = asWanted(fetching.providerId, bytes.toString('utf8'), 'file', File)
  const part = await patiently(fetching, () => content(fetching, item.remote_id, facts.bytes ?? null))
  const found: Found[] = [{ kind: 'file', id: item.remote_id, facts: fileFacts(facts) }]
  return { parts: [await keepAnswer(bytes), part], final: true, found }
}

async function model(fetching: Fetching, item: ItemRecord): Promise<Saved> {
  const bytes = await object(fetching, item, 'models')
  const facts = modelFacts(asWanted(fetching.providerId, bytes.toString('utf8'), 'model', Model))
  return {
    parts: [await keepAnswer(bytes)],
    final: false,
    found: [{ kind: 'model', id: item.remote_id, facts }],
  }
}

function fetchKind(fetching: Fetching, item: ItemRecord): Promise<Saved> {
  switch (item.kind) {
    case 'list':
      return list(fetching, item.remote_id)
    case 'job':
      return job(fetching, item.remote_id)
    case 'file':
      return file(fetching, item)
    case 'model':
      return model(fetching, item)
    default:
      return history(fetching, item)
  }
}

/** In an address these lead elsewhere. */
const isAddressable = ({ id }: Found): boolean => id !== '.' && id !== '..'

/**
 * Brings one thing home: its bytes are in the archive folder when this returns.
 * @throws the provider's error; AppError as `readPages` and `whole` do
 */
export async function fetchItem(fetching: Fetching, item: ItemRecord): Promise<Saved> {
  const saved = await fetchKind(fetching, item)
  return { ...saved, found: saved.found?.filter(isAddressable) ?? [] }
}
