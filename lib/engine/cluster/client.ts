/**
 * The part of Ray's REST APIs that a launch needs: jobs (docs.ray.io, "Ray Jobs REST API") and the state of nodes. The
 * answers are read as far as they are used, and within a bound.
 */
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { z } from 'zod'
import type { ClusterSettings } from '../settings.ts'

/** ms for an answer. */
const PATIENCE = 10_000
/** Bytes of an answer. */
const MOST = 4 << 20
/** Characters of what a cluster says that are passed on. */
const WORDS = 300

const Job = z.object({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  driver_exit_code: z.number().int().nullish(),
})
export type ClusterJob = z.infer<typeof Job>

const Nodes = z.object({
  data: z.object({
    result: z.object({
      result: z.array(
        z.object({ state: z.string(), resources_total: z.record(z.string(), z.number()).default({}) }),
      ),
    }),
  }),
})

const Version = z.object({ ray_version: z.string() })

/** What a cluster has, on all nodes together. */
export interface ClusterFacts {
  /** Of Ray. */
  version: string
  nodes: number
  cpus: number
  gpus: number
  /** Kinds of GPU, as Ray names them: "A100". */
  kinds: string[]
}

/**
 * `offline`: nothing answered, or something before the cluster that is busy. `refused`: the token is missing or wrong.
 * `answer`: it said something else.
 */
export class ClusterError extends Error {
  readonly kind: 'offline' | 'refused' | 'answer'
  constructor(kind: ClusterError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** What is submitted; the same id is never submitted twice. */
export interface Submission {
  id: string
  /** A line for a shell. */
  entrypoint: string
  env: Record<string, string>
}

const KIND = 'accelerator_type:'

/** Why a connection failed, such as ECONNREFUSED. */
const causeOf = (thrown: unknown): string => {
  const { code, name } = thrown as NodeJS.ErrnoException
  return code ?? name
}

interface Answer {
  status: number
  text: string
}

/** Not by fetch: its headers say that a browser asks, and Ray refuses to change anything for those. Follows no redirect. */
async function send(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? https : http
  const signal = AbortSignal.timeout(PATIENCE)
  const outgoing = request(url, { method, headers, signal })
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage]
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > MOST) throw new RangeError(`it sends more than ${MOST} bytes`)
    chunks.push(chunk)
  }
  return { status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }
}

export function clusterClient({ address, token }: Pick<ClusterSettings, 'address' | 'token'>) {
  async function call(path: string, method = 'GET', body: object | null = null): Promise<Answer> {
    const headers = {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    }
    try {
      return await send(new URL(path, address), method, headers, body ? JSON.stringify(body) : '')
    } catch (thrown) {
      throw new ClusterError('offline', `the cluster does not answer (${causeOf(thrown)})`)
    }
  }

  function refusedBy(status: number, text: string): ClusterError {
    if (status === 401 || status === 403)
      return new ClusterError('refused', 'the cluster refuses the token of LIMERICK_RAY_TOKEN')
    const [line = ''] = text.trimStart().startsWith('<') ? [''] : text.trim().split('\n').slice(-1)
    const words = token === null ? line : line.replaceAll(token, '…')
    const kind = status >= 500 || status === 429 ? 'offline' : 'answer'
    return new ClusterError(
      kind,
      `the cluster answered ${status}${words ? `: ${words.slice(0, WORDS)}` : ''}`,
    )
  }

  async function read<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.infer<Shape> | null> {
    const { status, text } = await call(path)
    if (status === 404) return null
    if (status !== 200) throw refusedBy(status, text)
    try {
      return shape.parse(JSON.parse(text))
    } catch {
      throw new ClusterError('answer', 'the address answers, but not as a Ray cluster does')
    }
  }

  const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`

  return {
    /** @returns null for one that the cluster does not know. @throws ClusterError */
    job: (id: string): Promise<ClusterJob | null> => read(jobPath(id), Job),

    /** Without effect for an id that has been submitted. @throws ClusterError */
    async submit({ id, entrypoint, env }: Submission): Promise<void> {
      const body = {
        submission_id: id,
        entrypoint,
        runtime_env: { env_vars: env },
        entrypoint_num_cpus: 0,
        metadata: { application: 'limerick' },
      }
      const { status, text } = await call('/api/jobs/', 'POST', body)
      // Ray says so with a status of 500.
      if (status !== 200 && !text.includes('already exists')) throw refusedBy(status, text)
    },

    /** @throws ClusterError */
    async stop(id: string): Promise<void> {
      const { status, text } = await call(`${jobPath(id)}/stop`, 'POST')
      if (status !== 200 && status !== 404) throw refusedBy(status, text)
    },

    /** @throws ClusterError */
    async facts(): Promise<ClusterFacts> {
      const [version, nodes] = await Promise.all([
        read('/api/version', Version),
        read('/api/v0/nodes', Nodes),
      ])
      if (!version || !nodes)
        throw new ClusterError('answer', 'the address answers, but not as a Ray cluster does')
      const alive = nodes.data.result.result.filter(({ state }) => state === 'ALIVE')
      const sum = (name: string) => alive.reduce((all, { resources_total: has }) => all + (has[name] ?? 0), 0)
      const kinds = alive.flatMap(({ resources_total: has }) =>
        Object.keys(has).flatMap((name) => (name.startsWith(KIND) ? [name.slice(KIND.length)] : [])),
      )
      return {
        version: version.ray_version,
        nodes: alive.length,
        cpus: sum('CPU'),
        gpus: sum('GPU'),
        kinds: [...new Set(kinds)],
      }
    },
  }
}
export type ClusterClient = ReturnType<typeof clusterClient>
