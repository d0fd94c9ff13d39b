import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { createApp } from './app.ts'

const HOST = '127.0.0.1'

/**
 * Serves `app` on 127.0.0.1 at a free port chosen by the system, streaming requests and responses.
 * @returns the port
 */
export async function serve(app: ReturnType<typeof createApp>): Promise<{ port: number; server: Server }> {
  const server = createServer(
    { requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 30_000 },
    getRequestListener(app.fetch, { hostname: HOST, overrideGlobalObjects: false }),
  )
  server.on('upgrade', (_, socket) => socket.destroy())
  server.listen(0, HOST)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}
