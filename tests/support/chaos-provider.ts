import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, FAULTS, type Fault, JSON_TYPE, type Operation, send, TURNS } from './chaos-faults.ts'
import { startTrainingProvider, type TrainingProvider } from './training-provider.ts'

interface Entry {
  id: string
}

export interface ChaosProvider {
  baseURL: string
  key: string
  /** The server behind, which never fails and has everything that was committed. */
  inner: TrainingProvider
  /** Checkpoints by job. */
  checkpoints: Map<string, Entry[]>
  /** Most entries per page of a list. */
  page: number
  /** The next `times` calls of that operation get the fault; one fault per operation. */
  fail(broken: { operation: Operation; fault: Fault; times?: number }): void
  heal(): void
  /** Calls of an operation since the last `reset`, for one job or all. */
  calls(operation: Operation, jobId?: string): number
  /** Forgets calls, faults, jobs and files. */
  reset(): void
  /** Called for each request before it is handled. */
  onCall: ((operation: Operation) => void) | null
  /** Called repeatedly during a stalled answer, until its reader disconnects. */
  onStall: (() => void) | null
  close(): Promise<void>
}

const JOB = /^\/fine_tuning\/jobs\/([^/]+)(?:\/(events|checkpoints|cancel))?$/

function operationOf(method: string, url: URL): { operation: Operation; jobId?: string } | null {
  const path = url.pathname.replace(/^\/v1/, '')
  if (path === '/models') return { operation: 'models' }
  if (path === '/files') return { operation: 'upload' }
  if (path.startsWith('/files/')) return { operation: path.endsWith('/content') ? 'result' : 'file' }
  if (path === '/fine_tuning/jobs') {
    if (method === 'POST') return { operation: 'create' }
    const isFiltered = [...url.searchParams.keys()].some((name) => name.startsWith('metadata['))
    return { operation: isFiltered ? 'reconcile' : 'discover' }
  }
  const [, jobId = '', part] = JOB.exec(path) ?? []
  return jobId ? { operation: (part as Operation | undefined) ?? 'retrieve', jobId } : null
}

const LISTS: readonly Operation[] = ['events', 'checkpoints', 'reconcile', 'discover']

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** The answer of the server behind; lists are requested without paging. */
async function forwarded(
  inner: TrainingProvider,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<Answer> {
  const address = new URL(inner.baseURL + url.pathname.replace(/^\/v1/, ''))
  for (const [name, value] of url.searchParams)
    if (name.startsWith('metadata[')) address.searchParams.set(name, value)
  if (request.method === 'GET') address.searchParams.set('limit', '1000000')
  const answer = await fetch(address, {
    method: request.method ?? 'GET',
    ...(request.method === 'GET' ? {} : { body: new Uint8Array(body) }),
  })
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? JSON_TYPE,
    body: Buffer.from(await answer.arrayBuffer()),
  }
}

function pageOf(all: readonly Entry[], url: URL, most: number, fault: Fault | null): Buffer {
  const after = fault === 'ignored after' ? null : url.searchParams.get('after')
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 20), most)
  const behind = after ? all.findIndex(({ id }) => id === after) + 1 : 0
  const from = fault === 'duplicate pages' ? Math.max(0, behind - 1) : behind
  const more = fault === 'ignored after' || from + limit < all.length
  return Buffer.from(JSON.stringify({ object: 'list', data: all.slice(from, from + limit), has_more: more }))
}

/**
 * An OpenAI-compatible training server in front of a server that never fails, with a fault to switch on per operation. It
 * counts its requests.
 */
export async function startChaosProvider(): Promise<ChaosProvider> {
  const inner = await startTrainingProvider()
  inner.faults.page = Number.POSITIVE_INFINITY
  const broken = new Map<Operation, { fault: Fault; left: number }>()
  const counted = new Map<string, number>()
  let shifts = 0

  const count = (name: string) => counted.set(name, (counted.get(name) ?? 0) + 1)

  function faultFor(operation: Operation): Fault | null {
    const found = broken.get(operation)
    if (!found || found.left <= 0) return null
    found.left--
    return found.fault
  }

  /** Adds a job at the head of the list, between two pages. */
  async function shift(operation: Operation, jobId: string | undefined): Promise<void> {
    const name = `came between ${++shifts}`
    if (operation === 'events' && jobId) inner.tell(jobId, { message: name })
    if (operation === 'discover')
      await fetch(`${inner.baseURL}/fine_tuning/jobs`, {
        method: 'POST',
        body: JSON.stringify({ model: name }),
      })
  }

  async function entriesOf(operation: Operation, jobId: string | undefined, whole: () => Promise<Answer>) {
    const answer = await whole()
    if (answer.status !== 200) return { answer, entries: null }
    if (operation === 'checkpoints') return { answer, entries: chaos.checkpoints.get(jobId ?? '') ?? [] }
    return { answer, entries: (JSON.parse(answer.body.toString('utf8')) as { data: Entry[] }).data }
  }

  async function stalled(response: ServerResponse): Promise<void> {
    for (let turn = 0; !response.destroyed; turn++) {
      if (turn % TURNS === 0) chaos.onStall?.()
      await wait(5)
    }
  }

  async function meet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const asked = operationOf(request.method ?? 'GET', url)
    const body = await bodyOf(request)
    const whole = () => forwarded(inner, request, url, body)
    if (!asked) return send(response, await whole())
    const { operation, jobId } = asked
    count(operation)
    if (jobId) count(`${operation} ${jobId}`)
    chaos.onCall?.(operation)
    const fault = faultFor(operation)
    const answer = async (): Promise<Answer> => {
      if (!LISTS.includes(operation)) return whole()
      if (fault === 'shifted pages' && url.searchParams.has('after') && shifts < 3)
        await shift(operation, jobId)
      const { answer: said, entries } = await entriesOf(operation, jobId, whole)
      return entries ? { ...said, body: pageOf(entries, url, chaos.page, fault) } : said
    }
    if (fault === null || !(fault in FAULTS)) return send(response, await answer())
    await FAULTS[fault as keyof typeof FAULTS]({ answer, response })
    if (fault === 'stall') await stalled(response)
  }

  // Keep-alive connections are never closed: only requested faults happen.
  const server = http.createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // A client that was killed during its request gets no answer.
    meet(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const chaos: ChaosProvider = {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: inner.key,
    inner,
    checkpoints: new Map(),
    page: 20,
    fail: ({ operation, fault, times = Number.POSITIVE_INFINITY }) =>
      void broken.set(operation, { fault, left: times }),
    heal: () => broken.clear(),
    calls: (operation, jobId) => counted.get(jobId ? `${operation} ${jobId}` : operation) ?? 0,
    reset() {
      broken.clear()
      counted.clear()
      for (const kept of [inner.jobs, inner.files, inner.calls, chaos.checkpoints]) kept.clear()
      inner.creations.length = 0
      inner.models.length = 0
      chaos.page = 20
      chaos.onCall = null
      chaos.onStall = null
      shifts = 0
    },
    onCall: null,
    onStall: null,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await inner.close()
    },
  }
  return chaos
}
