import { subscribe } from 'node:diagnostics_channel'

/** Cookie of a product, by its port. Empty on Linux, where the product knows that our requests are its owner's. */
const cookies = new Map<number, string>()

/** The headers with which a request to a product on this port is its owner's. */
export function sessionOf(port: number): { cookie?: string } {
  const cookie = cookies.get(port)
  return cookie === undefined ? {} : { cookie }
}

/** Told by Node of each fetch before it is sent. */
interface Fetched {
  request: { origin: string; addHeader(name: string, value: string): void }
}

function addSession(message: unknown): void {
  const { request } = message as Fetched
  const { cookie } = sessionOf(Number(new URL(request.origin).port))
  if (cookie) request.addHeader('cookie', cookie)
}

/** Opens the address with the token, as a person does where the system does not tell who asks; each fetch then carries the session. */
export async function signIn(address: string): Promise<void> {
  if (process.platform === 'linux') return
  const { headers } = await fetch(address, { redirect: 'manual' })
  if (cookies.size === 0) subscribe('undici:request:create', addSession)
  cookies.set(Number(new URL(address).port), headers.get('set-cookie')?.split(';', 1)[0] ?? '')
}
