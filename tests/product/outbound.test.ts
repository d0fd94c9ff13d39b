import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { jsonlFile } from '../support/elle.ts'
import { limericks } from '../support/engine.ts'
import { commandOf, discard, startStudio } from '../support/studio.ts'

/** Loaded into the studio and the engine: logs every connection and every name lookup. */
const listener = (log: string): string => `
  import { appendFileSync } from 'node:fs'
  import dgram from 'node:dgram'
  import dns from 'node:dns'
  import net from 'node:net'
  const note = (kind, what) => appendFileSync(${JSON.stringify(log)}, kind + ' ' + what + '\\n')
  note('process', process.argv[1])
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...args) {
    this.on('connectionAttempt', (ip) => note('connect', ip))
    return connect.apply(this, args)
  }
  const lookup = dns.lookup
  dns.lookup = (name, ...rest) => { note('lookup', name); return lookup(name, ...rest) }
  const send = dgram.Socket.prototype.send
  dgram.Socket.prototype.send = function (...args) { note('datagram', 'sent'); return send.apply(this, args) }
`

const LOCAL = /^(process|connect (127\.0\.0\.1|::1)$|lookup (localhost|127\.0\.0\.1|::1)$)/

/** Inodes of every TCP and UDP socket of this machine. */
const networkSockets = (): Set<string> =>
  new Set(
    ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
      readFileSync(`/proc/net/${kind}`, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[9] ?? ''),
    ),
  )

/** Network sockets that a process holds open; the channel to its parent does not count. */
function socketsOf(pid: number): string[] {
  const network = networkSockets()
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]
    return inode && network.has(inode) ? [inode] : []
  })
}

/** A descriptor may be closed between being listed and being read. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

test('with no provider configured nothing leaves the machine, from start to answer', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-outbound-'))
  const log = path.join(folder, 'log')
  const hook = path.join(folder, 'hook.mjs')
  writeFileSync(hook, listener(log))
  const studio = await startStudio({ nodeArgs: ['--import', pathToFileURL(hook).href] })
  try {
    const sdk = studio.sdk()
    for (const page of ['/', '/datasets', '/jobs', '/jobs/new', '/playground', '/providers'])
      await fetch(`${studio.url}${page}`)
    // More than it could train on before it is cancelled.
    const text = `${limericks(500).join('\n')}\n`
    const file = await sdk.files.create({ file: await jsonlFile(text), purpose: 'fine-tune' })
    const job = await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: file.id })
    await sdk.chat.completions.create({
      model: 'limerick-base',
      messages: [{ role: 'user', content: 'Hello' }],
      max_tokens: 4,
    })
    const workers = studio.pids().filter((pid) => /worker\/main\.ts/.test(commandOf(pid)))
    // One trains, one writes chats, one reads datasets.
    expect(workers).toHaveLength(3)
    expect(workers.flatMap(socketsOf)).toEqual([])
    await sdk.fineTuning.jobs.cancel(job.id)
  } finally {
    await discard(studio)
  }
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  // Both processes that may use the network were watched.
  expect(lines.filter((line) => line.startsWith('process'))).toHaveLength(2)
  expect(lines.filter((line) => line.startsWith('connect')).length).toBeGreaterThan(0)
  expect(lines.filter((line) => !LOCAL.test(line))).toEqual([])
})
