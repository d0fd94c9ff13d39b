import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, startStudio } from '../support/studio.ts'

/** Loaded into the studio, the engine and the workers: writes down every connection and every name that is asked for. */
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

const LOCAL = /^(process|connect (127\.0\.0\.1|::1)$|lookup (localhost|127\.0\.0\.1)$)/

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
    const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
    const job = await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: file.id })
    await sdk.chat.completions.create({
      model: 'limerick-base',
      messages: [{ role: 'user', content: 'Hello' }],
      max_tokens: 4,
    })
    await sdk.fineTuning.jobs.cancel(job.id)
  } finally {
    await discard(studio)
  }
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  // The studio, its engine and at least one worker have all been listened to.
  expect(lines.filter((line) => line.startsWith('process')).length).toBeGreaterThanOrEqual(3)
  expect(lines.filter((line) => line.startsWith('connect')).length).toBeGreaterThan(0)
  expect(lines.filter((line) => !LOCAL.test(line))).toEqual([])
})
