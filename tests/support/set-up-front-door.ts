import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { admit } from '#lib/auth/guard.ts'
import { serveV1 } from '#lib/gateway/v1.ts'
import { frontDoor } from '#lib/http/front-door.ts'

/** The front door of the studio with `/v1`, until the last test has ended; its pages are empty. @returns its port */
export async function setUpFrontDoor(): Promise<number> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  server.on('request', frontDoor({ pages: (_request, response) => response.end(), serveV1, admit }, port))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return port
}
