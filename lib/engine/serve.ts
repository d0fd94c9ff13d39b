import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { createApp } from './app.ts'

/**
 * Serves `app`, streaming requests and responses.
 * @param at by default 127.0.0.1, at a free port chosen by the system
 * @returns the port
 */
export async function serve(
  app: ReturnType<typeof createApp>,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<{ port: number; server: Server }> {
  const server = createServer(
    { requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 30_000 },
    getRequestListener(app.fetch, { hostname: host, overrideGlobalObjects: false }),
  )
  server.on('upgrade', (_, socket) => socket.destroy())
  server.listen(port, host)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}
