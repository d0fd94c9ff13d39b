import { createReadStream } from 'node:fs'
import type { Socket } from 'node:net'

/** Linux lists the TCP sockets of a network namespace here, each with the user who opened it; other systems do not. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/** Bytes read of one table: 27,000 sockets, 0.2 s. A connection further down has no known user. */
const MAX_BYTES = 4 * 1024 * 1024

/** State of a socket that is open at both ends; a closed one lists its user as 0. */
const ESTABLISHED = '01'

/** Stands for every user without a number in our user namespace. */
const OVERFLOW_UID = 65_534

/** A connection as its server sees it. */
export type Connection = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>

const LOOPBACK_V6 = '00000000000000000000000001000000'

/** An IPv4 address as the table writes it, its bytes in this processor's order. */
const hexOfV4 = (address: string): string =>
  address
    .split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()

/** Spellings of one end of a connection: a program can reach an IPv4 address through an IPv6 socket. */
function spellings(address = '', port = 0): string[] {
  const end = `:${port.toString(16).padStart(4, '0').toUpperCase()}`
  if (address === '::1') return [`${LOOPBACK_V6}${end}`]
  if (!/^\d+(\.\d+){3}$/.test(address)) return []
  const v4 = hexOfV4(address)
  return [`${v4}${end}`, `0000000000000000FFFF0000${v4}${end}`]
}

/**
 * The user who opened the client's end of a connection.
 * @param table the text of /proc/net/tcp and tcp6
 * @returns the uid, or null when the table does not have it
 */
export function uidOf(table: string, connection: Connection): number | null {
  const servers = spellings(connection.localAddress, connection.localPort)
  for (const [index, client] of spellings(connection.remoteAddress, connection.remotePort).entries()) {
    const found = `: ${client} ${servers[index]} ${ESTABLISHED} `
    const at = table.indexOf(found)
    if (at < 0) continue
    // tx_queue:rx_queue tr:when retransmits uid timeout inode
    const [, , , uid, , inode] = table
      .slice(at + found.length, at + found.length + 120)
      .trim()
      .split(/\s+/)
    return inode === '0' ? null : Number(uid)
  }
  return null
}

async function readTable(file: string): Promise<string> {
  let text = ''
  try {
    const parts = createReadStream(file, { encoding: 'latin1', end: MAX_BYTES - 1 })
    for await (const part of parts) text += part
  } catch {
    // A system without this table has no users for us.
  }
  return text
}

const readTables = async (): Promise<string> => (await Promise.all(TABLES.map(readTable))).join('')

let running: Promise<unknown> = Promise.resolve()
let next: Promise<string> | undefined

/**
 * One read at a time, shared by all who wait for the next: a read under way may be past the place of a new connection.
 */
function freshTables(): Promise<string> {
  next ??= running.then(() => {
    next = undefined
    const tables = readTables()
    running = tables
    return tables
  })
  return next
}

/**
 * A read is not a snapshot: it can miss a connection while others open and close, so a missing one is looked up again.
 */
const READS = 3

async function lookUp(socket: Socket): Promise<boolean> {
  const own = process.getuid?.()
  if (own === undefined || own === OVERFLOW_UID) return false
  for (let reads = 0; reads < READS && socket.remotePort !== undefined; reads++) {
    const uid = uidOf(await freshTables(), socket)
    if (uid !== null) return uid === own
  }
  return false
}

const verdicts = new WeakMap<Socket, Promise<boolean>>()

/**
 * Whether the system says that a process of our own user is at the other end. Asked once per connection. Root counts as
 * another user: a root service may act for anybody.
 */
export function isOwnUser(socket: Socket): Promise<boolean> {
  const verdict = verdicts.get(socket) ?? lookUp(socket)
  verdicts.set(socket, verdict)
  return verdict
}
