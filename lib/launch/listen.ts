import type { RequestListener, Server } from 'node:http'
import { serve } from '#lib/http/front-door.ts'

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

/** Both loopback families when "localhost" may mean either; the second is left out if the machine has none. */
const addresses = (host: string): string[] => (host === '::1' ? ['::1'] : ['127.0.0.1', '::1'])

const ABSENT = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/**
 * Listens on loopback only.
 * @throws Error with a message for the user, when the port is taken
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Server[]> {
  const servers: Server[] = []
  for (const address of addresses(host)) {
    const server = serve(listener)
    try {
      await bind(server, address, port)
      servers.push(server)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (servers.length > 0 && ABSENT.has(code ?? '')) continue
      for (const other of servers) other.close()
      if (code !== 'EADDRINUSE') throw cause
      throw new Error(
        `Port ${port} is taken. Stop what uses it, or start with another one: PORT=${port + 1} npm start`,
        { cause },
      )
    }
  }
  return servers
}
