import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** What a hub may do to a file that is asked for. */
type HubFault =
  /** Sends some of the bytes asked for, then breaks the connection. */
  | { kind: 'cut'; after: number }
  /** Sends some of the bytes asked for, then nothing more. */
  | { kind: 'silent'; after: number }
  /** Sends bytes of the right number, one of them wrong. */
  | { kind: 'damaged' }
  /** Sends more bytes, without end. */
  | { kind: 'endless' }
  /** Ignores the range that is asked for. */
  | { kind: 'from the start' }
  | { kind: 'status'; status: number; headers?: Record<string, string> }

export interface HubModelFolder {
  folder: string
  licence?: string
  gated?: boolean
  /** Tells no hashes of its files. */
  unhashed?: boolean
}

interface HubRequest {
  /** Which of its two servers was asked. */
  host: 'hub' | 'cdn'
  path: string
  range: string | null
  authorization: string | null
}

export interface TestHub {
  endpoint: string
  /** `owner/name` → folder. */
  models: Map<string, HubModelFolder>
  /** File name → fault of its next answers; `info` for the description of a model. */
  faults: Map<string, HubFault>
  /** Those who have accepted every licence. */
  token: string
  requests: HubRequest[]
  close(): Promise<void>
}

/** Every model is at this commit. */
export const COMMIT = 'c0ffee'.padEnd(40, '0')

const isLarge = (name: string): boolean => name.endsWith('.safetensors') || name === 'tokenizer.json'

const gitHash = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

function siblingOf(folder: string, name: string) {
  const bytes = readFileSync(path.join(folder, name))
  if (!isLarge(name)) return { rfilename: name, size: bytes.length, blobId: gitHash(bytes) }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const lfs = { sha256, size: bytes.length, pointerSize: 134 }
  // The blob is that of the pointer, not of the content.
  return { rfilename: name, size: bytes.length, blobId: gitHash(Buffer.from(sha256)), lfs }
}

const infoOf = (id: string, { folder, licence = 'apache-2.0', gated = false, unhashed }: HubModelFolder) => ({
  id,
  sha: COMMIT,
  private: false,
  gated: gated && 'manual',
  tags: ['text-generation'],
  cardData: { license: licence },
  siblings: readdirSync(folder)
    .map((name) => siblingOf(folder, name))
    .map(({ rfilename, size, ...hashes }) => ({ rfilename, size, ...(unhashed ? {} : hashes) })),
})

/** Waits until the client leaves. */
const left = (response: ServerResponse): Promise<unknown> => once(response, 'close')

async function sendEndless(response: ServerResponse): Promise<void> {
  response.writeHead(200)
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
  }
  response.on('drain', more)
  more()
  await left(response)
}

/** Sends a file, or the part that is asked for, as far as its fault lets it. */
async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  fault: HubFault | undefined,
): Promise<void> {
  if (fault?.kind === 'endless') return sendEndless(response)
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, fault.headers).end('no')
    return
  }
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
  const from = fault?.kind === 'from the start' ? 0 : Number(first ?? 0)
  const bytes = Buffer.from(content.subarray(from))
  if (fault?.kind === 'damaged') bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  const part = first !== undefined && fault?.kind !== 'from the start'
  response.writeHead(part ? 206 : 200, {
    'content-length': bytes.length,
    ...(part ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  })
  if (fault?.kind !== 'cut' && fault?.kind !== 'silent') {
    response.end(bytes)
    return
  }
  await new Promise((sent) => response.write(bytes.subarray(0, fault.after), sent))
  if (fault.kind === 'cut') response.destroy()
  else await left(response)
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { 'x-error-code': code, 'content-type': 'application/json' }).end('{}')
}

const INFO = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/?]+)\?blobs=true$/
const FILE = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/([^/?]+)$/

/** A small hub: two servers, as the real one sends the requests for large files on to another host. */
export async function startHub(models: Record<string, HubModelFolder> = {}): Promise<TestHub> {
  const requests: HubRequest[] = []
  const note = (host: HubRequest['host'], { url = '', headers }: IncomingMessage) => {
    const { range = null, authorization = null } = headers
    requests.push({ host, path: url, range, authorization })
  }

  const cdn = await listen(async (request, response) => {
    note('cdn', request)
    const [, repo = '', name = ''] = /^\/(.+)\/([^/]+)\?signed$/.exec(request.url ?? '') ?? []
    const folder = hub.models.get(repo)?.folder ?? ''
    await sendFile(request, response, readFileSync(path.join(folder, name)), hub.faults.get(name))
  })

  async function sendInfo(response: ServerResponse, repo: string, revision: string): Promise<void> {
    const fault = hub.faults.get('info')
    if (fault?.kind === 'endless') return sendEndless(response)
    if (fault?.kind === 'status') response.writeHead(fault.status, fault.headers).end('no')
    else if (fault?.kind === 'damaged') response.end('{"sha": "not a hash"')
    else if (fault) await left(response)
    else if (!hub.models.has(repo)) refuse(response, 401, 'RepoNotFound')
    else if (!['main', COMMIT].includes(revision)) refuse(response, 404, 'RevisionNotFound')
    else response.end(JSON.stringify(infoOf(repo, hub.models.get(repo) as HubModelFolder)))
  }

  async function sendResolved(
    request: IncomingMessage,
    response: ServerResponse,
    { folder, gated }: HubModelFolder,
    name: string,
  ): Promise<void> {
    const accepted = request.headers.authorization === `Bearer ${hub.token}`
    if (gated && !accepted) return refuse(response, request.headers.authorization ? 403 : 401, 'GatedRepo')
    if (!readdirSync(folder).includes(name)) return refuse(response, 404, 'EntryNotFound')
    if (!isLarge(name))
      return sendFile(request, response, readFileSync(path.join(folder, name)), hub.faults.get(name))
    const repo = FILE.exec(request.url ?? '')?.[1]
    response.writeHead(302, { location: `${cdn.address}/${repo}/${name}?signed` }).end()
  }

  const front = await listen(async (request, response) => {
    note('hub', request)
    const [, repo, revision = ''] = INFO.exec(request.url ?? '') ?? []
    if (repo) return sendInfo(response, repo, decodeURIComponent(revision))
    const [, owner = '', , name = ''] = FILE.exec(request.url ?? '') ?? []
    const model = hub.models.get(owner)
    if (model) await sendResolved(request, response, model, name)
    else refuse(response, 404, 'RepoNotFound')
  })

  const hub: TestHub = {
    endpoint: front.address,
    models: new Map(Object.entries(models)),
    faults: new Map(),
    token: 'hf_a-token-for-this-test',
    requests,
    async close() {
      for (const { server } of [front, cdn]) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    },
  }
  return hub
}
