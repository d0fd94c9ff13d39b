import type OpenAI from 'openai'
import { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  jsonl,
  limericks,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
} from '#tests/support/engine.ts'

let engine: TestEngine
let client: OpenAI

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  client = engine.client
})
afterAll(() => stopEngine(engine))

describe('files', () => {
  test('come back byte for byte', async () => {
    const text = `\ufeff${limericks(3).join('\r\n')}\n\n`
    const created = await client.files.create({
      file: await toFile(Buffer.from(text), 'mine "a".jsonl'),
      purpose: 'fine-tune',
    })
    expect(created).toMatchObject({
      object: 'file',
      bytes: Buffer.byteLength(text),
      filename: 'mine "a".jsonl',
      purpose: 'fine-tune',
      status: 'processed',
      status_details: null,
    })
    expect(created.id).toMatch(/^file-[A-Za-z0-9]{24}$/)
    expect(await client.files.retrieve(created.id)).toEqual(created)
    const content = await client.files.content(created.id)
    expect(Buffer.from(await content.arrayBuffer()).equals(Buffer.from(text))).toBe(true)
  })

  test('take their purpose before or after the file', async () => {
    for (const order of [
      ['purpose', 'file'],
      ['file', 'purpose'],
    ]) {
      const form = new FormData()
      for (const name of order)
        if (name === 'purpose') form.set('purpose', 'fine-tune')
        else form.set('file', new File([`${limericks(1)[0]}\n`], 'a.jsonl'))
      form.set('comment', 'x')
      const answer = await fetch(`${engine.baseURL}/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${engine.key}` },
        body: form,
      })
      expect(answer.status).toBe(200)
    }
  })

  test('of many megabytes stream in and out', async () => {
    const line = JSON.stringify({ messages: [{ role: 'assistant', content: 'x'.repeat(50_000) }] })
    const lines = Array.from({ length: 400 }, () => line)
    const { id, bytes } = await client.files.create({ file: await jsonl(lines), purpose: 'fine-tune' })
    expect(bytes).toBe((line.length + 1) * 400)
    const back = await (await client.files.content(id)).arrayBuffer()
    expect(back.byteLength).toBe(bytes)
  })

  test('that are not one JSON object a line are refused in OpenAI’s words', async () => {
    const refusal = (text: string | Uint8Array) =>
      toFile(Buffer.from(text), 'bad.jsonl')
        .then((file) => client.files.create({ file, purpose: 'fine-tune' }))
        .then(
          () => 'accepted',
          (error: InstanceType<typeof OpenAI.APIError>) => [
            error.status,
            error.type,
            error.code,
            error.param,
            error.message,
          ],
        )
    const words = (line: number, start: string) => [
      400,
      'invalid_request_error',
      null,
      null,
      `400 Expected file to have JSONL format, where every line is a JSON dictionary. Line ${line} is not a dictionary (HINT: line starts with: "${start}...").`,
    ]
    expect(await refusal('[1]\n')).toEqual(words(1, '[1]'))
    expect(await refusal(`${limericks(2).join('\n')}\nnonsense\n`)).toEqual(words(3, 'non'))
    const far = `${'x'.repeat(600_000)}`
    expect(await refusal(`{"messages":[{"role":"user","content":"${far}"}]}\n{"a":1}\n"b"\n`)).toEqual(
      words(3, '"b"'),
    )
    const list = await client.files.list()
    expect(list.data.filter(({ filename }) => filename === 'bad.jsonl')).toEqual([])
  })

  test('need a file and a known purpose', async () => {
    const file = await jsonl(limericks(1))
    expect(await client.files.create({ file, purpose: 'evals' })).toMatchObject({ purpose: 'evals' })
    await expect(client.files.create({ file, purpose: 'nope' as 'evals' })).rejects.toMatchObject({
      ...{ status: 400, param: 'purpose', code: 'invalid_value' },
      message: expect.stringContaining("'nope'".replaceAll("'", '"')),
    })
    await expect(client.files.create({ file } as never)).rejects.toMatchObject({
      ...{ status: 400, param: 'purpose', code: 'missing_required_parameter' },
    })
    const form = new FormData()
    form.set('purpose', 'fine-tune')
    const answer = await fetch(`${engine.baseURL}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.key}` },
      body: form,
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { param: 'file', code: 'missing_required_parameter' },
    })
  })

  test.each(['file', 'purpose'])('come one at a time: a second %s is not passed over', async (twice) => {
    const form = new FormData()
    for (const name of ['file', 'purpose', twice])
      form.append(name, name === 'file' ? new File(['{}'], 'a.jsonl') : 'user_data')
    const headers = { authorization: `Bearer ${engine.key}` }
    const answer = await fetch(`${engine.baseURL}/files`, { method: 'POST', headers, body: form })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: twice } })
  })

  test('are listed newest first, in pages, by purpose, and can be deleted', async () => {
    const ids: string[] = []
    for (const purpose of ['user_data', 'user_data', 'fine-tune'] as const)
      ids.push((await client.files.create({ file: await jsonl(limericks(1)), purpose })).id)
    const paged = []
    for await (const file of client.files.list({ limit: 2 })) paged.push(file.id)
    expect(paged.slice(0, 3)).toEqual(ids.toReversed())
    expect(new Set(paged).size).toBe(paged.length)
    const upwards = await client.files.list({ purpose: 'user_data', order: 'asc' }).asResponse()
    const [first = '', second] = ids
    expect(await upwards.json()).toMatchObject({
      object: 'list',
      data: [{ id: first }, { id: second }],
      has_more: false,
      first_id: first,
      last_id: second,
    })

    expect(await client.files.delete(first)).toEqual({ id: first, object: 'file', deleted: true })
    await expect(client.files.retrieve(first)).rejects.toMatchObject({ status: 404 })
    await expect(client.files.content(first)).rejects.toMatchObject({ status: 404 })
    await expect(client.files.delete(first)).rejects.toMatchObject({ status: 404 })
  })

  test('do not expire, which is said and not passed over', async () => {
    const file = await jsonl(limericks(1))
    const expires_after = { anchor: 'created_at' as const, seconds: 3600 }
    await expect(client.files.create({ file, purpose: 'fine-tune', expires_after })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'expires_after',
    })
  })

  test('are taken from forms as .NET writes them', async () => {
    const part = (head: string, text: string) =>
      `--X\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`
    const body = `${part('name=purpose', 'user_data')}${part("name=file; filename=a.jsonl; filename*=utf-8''a.jsonl", '{}')}--X--\r\n`
    const answer = await fetch(`${engine.baseURL}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.key}`, 'content-type': 'multipart/form-data; boundary=X' },
      body,
    })
    expect(await answer.json()).toMatchObject({ object: 'file', filename: 'a.jsonl', bytes: 2 })
  })

  test('can be deleted while their list is walked, and every one of them is met', async () => {
    const { data } = await client.files.list({ purpose: 'assistants' })
    expect(data).toEqual([])
    const file = await jsonl(limericks(1))
    for (let count = 0; count < 8; count++) await client.files.create({ file, purpose: 'assistants' })
    let deleted = 0
    for await (const { id } of client.files.list({ purpose: 'assistants', limit: 3 })) {
      await client.files.delete(id)
      deleted++
    }
    expect(deleted).toBe(8)
    expect((await client.files.list({ purpose: 'assistants' })).data).toEqual([])
  })

  test.each<[string, string, string]>([
    ['limit=abc', 'limit', 'expected an integer, but got a string'],
    ['limit=2.5', 'limit', 'expected an integer, but got a decimal number'],
    ['limit=0', 'limit', '>= 1'],
    ['order=up', 'order', "Supported values are: 'asc', 'desc'"],
    ['after=file-never', 'after', "the id 'file-never'"],
  ])('are not listed by %s', async (query, param, words) => {
    const headers = { authorization: `Bearer ${engine.key}` }
    const answer = await fetch(`${engine.baseURL}/files?${query}`, { headers })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param, message: expect.stringContaining(words) } })
  })

  test('are listed from the first on by an empty cursor and an empty limit', async () => {
    const headers = { authorization: `Bearer ${engine.key}` }
    const ids = async (query: string) => {
      const answer = await fetch(`${engine.baseURL}/files?${query}`, { headers })
      return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id)
    }
    expect(await ids('after=&limit=&purpose=&order=')).toEqual(await ids(''))
    expect((await ids('')).length).toBeGreaterThan(0)
  })

  test('that are refused before they are read are answered all the same', async () => {
    const form = new FormData()
    form.set('file', new File(['x'.repeat(20_000_000)], 'a.jsonl'))
    form.set('purpose', 'fine-tune')
    const send = (headers: Record<string, string>) =>
      fetch(`${engine.baseURL}/files`, { method: 'POST', headers, body: form })
    expect((await send({ authorization: 'Bearer nobody' })).status).toBe(401)
    const noParts = {
      authorization: `Bearer ${engine.key}`,
      'content-type': 'multipart/form-data; boundary=other',
    }
    expect((await send(noParts)).status).toBe(400)
  })

  test.each<[string, [string, string][]]>([
    ['expires_after', [['expires_after[seconds]', '3600']]],
    ['100 bytes', [['purpose', 'x'.repeat(300)]]],
    ['parts', Array.from({ length: 70 }, (_, index) => [`field${index}`, 'x'])],
  ])('that are refused half-way, for %s, are read to their end at once', async (words, fields) => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value)
    form.append('file', new File(['x'.repeat(20_000_000)], 'a.jsonl'))
    const headers = { authorization: `Bearer ${engine.key}` }
    // The engine waits 30 s for a body that nobody reads.
    const init = { method: 'POST', headers, body: form, signal: AbortSignal.timeout(20_000) }
    const answer = await fetch(`${engine.baseURL}/files`, init)
    expect([answer.status, await answer.text()]).toEqual([expect.any(Number), expect.stringContaining(words)])
    expect(answer.ok).toBe(false)
  })

  test('cannot be reached by a path', async () => {
    for (const id of ['..%2fengine.db', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', 'file-x%00']) {
      const answer = await fetch(`${engine.baseURL}/files/${id}/content`, {
        headers: { authorization: `Bearer ${engine.key}` },
      })
      expect(answer.status).toBe(404)
    }
  })
})

describe('the door of the engine', () => {
  const send = (path: string, init: RequestInit = {}) => fetch(`${engine.baseURL}${path}`, init)

  test.each(['/models', '/files', '/fine_tuning/jobs', '/nowhere'])(
    'asks for the key at %s',
    async (path) => {
      for (const headers of [
        { authorization: '' },
        { authorization: 'Bearer wrong' },
        { authorization: engine.key },
      ]) {
        const answer = await send(path, { headers })
        expect(answer.status).toBe(401)
        expect(await answer.json()).toMatchObject({
          error: { type: 'invalid_request_error', code: 'invalid_api_key', param: null },
        })
      }
    },
  )

  test('names every answer and refuses what it does not know in OpenAI’s envelope', async () => {
    const headers = { authorization: `Bearer ${engine.key}` }
    const unknown = await send('/asistants', { headers })
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('x-request-id')).toMatch(/^req_/)
    expect(await unknown.json()).toMatchObject({
      error: {
        message: expect.stringContaining(
          'Unknown request URL: GET /v1/asistants. Please check the URL for typos. Limerick serves /v1/chat',
        ),
        code: 'unknown_url',
      },
    })
    const wrong = await send('/chat/completions', { headers })
    expect(wrong.status).toBe(405)
    const broken = await send('/chat/completions', { headers, method: 'POST', body: '{' })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({
      error: { message: expect.stringContaining('could not parse the JSON') },
    })
  })
})
