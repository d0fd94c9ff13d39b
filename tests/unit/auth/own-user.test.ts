import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { type Connection, isOwnUser, uidOf } from '#lib/auth/own-user.ts'

/** One line of /proc/net/tcp or tcp6, as Linux writes it. */
const line = (client: string, server: string, state: string, uid: number, inode: number): string =>
  `   7: ${client} ${server} ${state} 00000000:00000000 02:000A2B1C 00000000 ${String(uid).padStart(5)}        0 ${inode} 2 0000000018e0a93d 20 4 30 10 -1\n`

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const CLIENT = '0100007F:9C40'
const SERVER = '0100007F:0BB8'
const MAPPED = '0000000000000000FFFF0000'
const V6 = '00000000000000000000000001000000'

const v4: Connection = {
  remoteAddress: '127.0.0.1',
  remotePort: 40_000,
  localAddress: '127.0.0.1',
  localPort: 3_000,
}
const v6: Connection = { ...v4, remoteAddress: '::1', localAddress: '::1' }

test.each([
  ['IPv4', v4, line(CLIENT, SERVER, '01', 1000, 55)],
  ['IPv6', v6, line(`${V6}:9C40`, `${V6}:0BB8`, '01', 1000, 55)],
  ['IPv4 through an IPv6 socket', v4, line(`${MAPPED}${CLIENT}`, `${MAPPED}${SERVER}`, '01', 1000, 55)],
  [
    'another loopback address',
    { ...v4, remoteAddress: '127.0.18.254' },
    line('FE12007F:9C40', SERVER, '01', 1000, 55),
  ],
])('the user of the client’s end is found: %s', (_name, connection, found) => {
  const others =
    line(SERVER, CLIENT, '01', 1, 54) +
    line('0100007F:9C41', SERVER, '01', 2, 56) +
    line(CLIENT, '0100007F:0BB9', '01', 3, 57)
  expect(uidOf(`${HEAD}${others}${found}`, connection)).toBe(1000)
})

test.each([
  ['no such connection', v4, line('0100007F:9C41', SERVER, '01', 1000, 55)],
  ['only our own end of it', v4, line(SERVER, CLIENT, '01', 1000, 55)],
  ['closed by its user, who is then listed as 0', v4, line(CLIENT, SERVER, '04', 0, 0)],
  ['an earlier connection of the same port', v4, line(CLIENT, SERVER, '06', 0, 0)],
  ['open, but of no process any more', v4, line(CLIENT, SERVER, '01', 0, 0)],
  ['the end of a longer address', v4, line(`0100007F0100007F${CLIENT}`, SERVER, '01', 1000, 55)],
  [
    'a connection without addresses',
    { ...v4, remoteAddress: undefined },
    line(CLIENT, SERVER, '01', 1000, 55),
  ],
  ['a system without the table', v4, ''],
])('no user is found: %s', (_name, connection, table) => {
  expect(uidOf(`${HEAD}${table}`, connection)).toBeNull()
})

/** An accepted connection, and its client's end. */
async function open(port: number, accepted: Map<number | undefined, Socket>): Promise<[Socket, Socket]> {
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  const { localPort } = client
  while (!accepted.has(localPort)) await new Promise(setImmediate)
  return [accepted.get(localPort) as Socket, client]
}

test.runIf(process.platform === 'linux')(
  'each of many connections is recognised as our own while others open and close',
  async () => {
    const accepted = new Map<number | undefined, Socket>()
    const server = createServer((socket) => {
      accepted.set(socket.remotePort, socket)
      // The reset at the end of a connection is expected.
      socket.on('error', () => undefined).resume()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const verdicts: boolean[] = []
    const visit = async () => {
      for (let visits = 0; visits < 20; visits++) {
        const [socket, client] = await open(port, accepted)
        verdicts.push(await isOwnUser(socket))
        client.resetAndDestroy()
      }
    }
    await Promise.all(Array.from({ length: 20 }, visit))
    server.close()
    expect(verdicts).toHaveLength(400)
    expect(verdicts).not.toContain(false)
  },
)

test('a connection without an address has no user', async () => {
  expect(await isOwnUser(duplexPair()[0] as Socket)).toBe(false)
})
