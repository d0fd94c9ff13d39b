import { subscribe } from 'node:diagnostics_channel'

/** Session cookie by port. Empty on Linux, where the product recognises its owner by the connection. */
const cookies = new Map<number, string>()

/** Headers that authenticate a request to the product on this port as its owner. */
export function sessionOf(port: number): { cookie?: string } {
  const cookie = cookies.get(port)
  return cookie === undefined ? {} : { cookie }
}

/** Message of Node's diagnostics channel before each fetch. */
interface Fetched {
  request: { origin: string; addHeader(name: string, value: string): void }
}

function addSession(message: unknown): void {
  const { request } = message as Fetched
  const { cookie } = sessionOf(Number(new URL(request.origin).port))
  if (cookie) request.addHeader('cookie', cookie)
}

/** Opens the address with the token where connections do not show the owner; then each fetch has the session. */
export async function signIn(address: string): Promise<void> {
  if (process.platform === 'linux') return
  const { headers } = await fetch(address, { redirect: 'manual' })
  if (cookies.size === 0) subscribe('undici:request:create', addSession)
  cookies.set(Number(new URL(address).port), headers.get('set-cookie')?.split(';', 1)[0] ?? '')
}
