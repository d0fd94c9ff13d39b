import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { upstream } from '#lib/providers/fetch.ts'
import { multipart } from '#lib/providers/multipart.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-multipart-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function form(bytes: number): Promise<FormData> {
  const file = path.join(folder, `${bytes}`)
  writeFileSync(file, 'é'.repeat(bytes / 2))
  const made = new FormData()
  made.set('purpose', 'fine-tune')
  made.set('file', new File([await openAsBlob(file)], 'a "quoted" naïve\nname.jsonl'))
  return made
}

test('a form is parsed back unchanged', async () => {
  const body = multipart(await form(10_000))
  const read = await new Response(body, { headers: { 'content-type': body.type } }).formData()
  expect(read.get('purpose')).toBe('fine-tune')
  const file = read.get('file')
  expect(file).toMatchObject({ size: 10_000, name: 'a "quoted" naïve\nname.jsonl' })
  expect(file instanceof File && (await file.text())).toBe('é'.repeat(5_000))
})

test('an error that arrives during an upload is read, without an unhandled rejection', async () => {
  const server = http.createServer((_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' })
    response.end('{"error":{"message":"no"}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/files`
  for (let n = 0; n < 20; n++) {
    const answer = await upstream(address, { method: 'POST', body: await form(400_000) })
    expect(answer.status).toBe(401)
    // An uncaught rejection would fail this test run.
    expect(await answer.json()).toEqual({ error: { message: 'no' } })
  }
  server.closeAllConnections()
  server.close()
})
