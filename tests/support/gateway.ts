import { mkdtempSync, rmSync } from 'node:fs'
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import OpenAI from 'openai'
import { vi } from 'vitest'
import { admit } from '#lib/auth/guard.ts'
import { ensureKey } from '#lib/auth/key.ts'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { writeRecords } from '#lib/gateway/call-log.ts'
import { serveV1 } from '#lib/gateway/v1.ts'
import { frontDoor, serve } from '#lib/http/front-door.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { newFolder, startEngine, stopEngine, type TestEngine } from './engine.ts'

/** A request that reached the provider. */
interface Asked {
  path: string
  body: { model: string; [field: string]: unknown }
}

/** How a provider answers a chat request. */
export type Answer = (response: ServerResponse, asked: Asked) => unknown

export interface TestGateway {
  port: number
  server: Server
  baseURL: string
  key: string
  engine: TestEngine
  /** Requests that reached the provider `compatible`, in order. */
  asked: Asked[]
  sdk(apiKey?: string): OpenAI
  /** Sets how it answers. */
  answer(how: Answer): void
  close(): Promise<void>
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function bodyOf(request: IncomingMessage): Promise<Asked['body']> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}

const MODELS = JSON.stringify({
  object: 'list',
  data: [{ id: 'far', object: 'model', created: 1, owned_by: 'test' }],
})

/** The HTTP server and `/v1` in this process, with a separate database, a real engine and a test provider. */
export async function startGateway(): Promise<TestGateway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-gateway-'))
  const asked: Asked[] = []
  let answer: Answer = (response) => response.end('{}')
  const provider = http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'GET') {
      response.end(MODELS)
      return
    }
    const one = { path: request.url ?? '', body: await bodyOf(request) }
    asked.push(one)
    await answer(response, one)
  })
  vi.stubEnv('LIMERICK_DATA', folder)
  vi.stubEnv('OPENAI_BASE_URL', `http://127.0.0.1:${await listen(provider)}/v1`)
  vi.stubEnv('OPENAI_API_KEY', 'sk-a-key-of-the-test-0001')
  const engine = await startEngine(await newFolder())
  setEngineAddress(engine)
  setStudioDatabase(
    await openDatabase<StudioTables>(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')),
  )
  const key = ensureKey()
  let listener: http.RequestListener = () => undefined
  const server = serve((request, response) => listener(request, response))
  const port = await listen(server)
  listener = frontDoor({ pages: (_request, response) => response.end(), serveV1, admit }, port)
  const baseURL = `http://127.0.0.1:${port}/v1`
  return {
    port,
    server,
    baseURL,
    key,
    engine,
    asked,
    sdk: (apiKey = key) => new OpenAI({ baseURL, apiKey, maxRetries: 0 }),
    answer(how) {
      answer = how
    },
    async close() {
      server.closeAllConnections()
      server.close()
      provider.closeAllConnections()
      provider.close()
      await writeRecords()
      setEngineAddress(null)
      await stopEngine(engine)
      await studio().destroy()
      setStudioDatabase(undefined)
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
