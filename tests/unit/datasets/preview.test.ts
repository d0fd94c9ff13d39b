import { describe, expect, it } from 'vitest'
import { previewImport } from '#lib/datasets/preview.ts'
import { POST } from '../../../app/api/datasets/preview/route.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const chat = (said: string) =>
  `{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "${said}"}]}`

describe('a preview', () => {
  it('shows training lines unchanged, broken ones too', async () => {
    const text = `${chat('a')}\n\n{"messages": \n`
    const preview = await previewImport(bytes(text), { name: 'a.jsonl' })
    expect(preview).toEqual({
      plan: { container: 'jsonl', mapping: { shape: 'lines' } },
      columns: ['messages'],
      rows: [
        { line: 1, before: chat('a'), after: chat('a') },
        { line: 3, before: '{"messages": ', after: '{"messages": ' },
      ],
      left: [],
      notes: {},
      complete: true,
    })
  })

  it('shows the rows of a table, and why a row is refused', async () => {
    const text = 'question,answer\nHi,Hello\n"x\ny",\n'
    const preview = await previewImport(bytes(text), { name: 'a.csv' })
    expect(preview.rows).toEqual([
      {
        line: 2,
        before: 'Hi,Hello',
        after: '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}',
      },
      { line: 3, before: '"x\ny",', after: null, problem: 'empty-cell', values: { column: 'answer' } },
    ])
  })

  it('reads a file by the given plan', async () => {
    const plan = {
      container: 'csv',
      delimiter: ';',
      mapping: {
        shape: 'columns',
        system: null,
        systemText: 'S',
        user: 'b',
        assistant: 'a',
        rejected: null,
        weight: null,
      },
    } as const
    const preview = await previewImport(bytes('a;b\n1;2'), { name: 'a.jsonl', plan })
    expect(preview).toMatchObject({ plan, columns: ['a', 'b'], complete: true })
    expect(preview.rows[0]?.after).toContain('{"role": "user", "content": "2"}')
  })

  it.each([
    ['a.jsonl', `${chat('a')}\n${chat('b')}`],
    ['a.json', `[${chat('a')},\n${chat('b').slice(0, -3)}`],
    ['b.csv', 'prompt,completion\nq,a\n"q,b'],
    ['a.csv', 'prompt,completion\nq,a\nq,b'],
  ])('leaves out the record at the end of a cut %s', async (name, text) => {
    const whole = await previewImport(bytes(text), { name })
    const cut = await previewImport(bytes(text), { name, cut: true })
    expect(whole.rows).toHaveLength(2)
    expect(cut.rows).toHaveLength(1)
    expect([whole.complete, cut.complete]).toEqual([true, false])
  })

  it('shows twenty records at most', async () => {
    const preview = await previewImport(bytes(`${chat('a')}\n`.repeat(21)), { name: 'a.jsonl' })
    expect(preview.rows).toHaveLength(20)
    expect(preview.complete).toBe(false)
  })
})

describe('POST /api/datasets/preview', () => {
  const send = (body: Uint8Array, query: string) =>
    POST(
      new Request(`http://localhost/api/datasets/preview?${query}`, {
        method: 'POST',
        body: Buffer.from(body),
      }),
      {},
    )

  it('answers a preview', async () => {
    const plan = encodeURIComponent(JSON.stringify({ container: 'json', mapping: { shape: 'lines' } }))
    const answer = await send(bytes(`[${chat('a')}]`), `name=a.jsonl&plan=${plan}&cut=false`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ rows: [{ line: 1, after: chat('a') }], complete: true })
  })

  it('refuses more than 1 MB, invalid plans and a missing name', async () => {
    expect((await send(new Uint8Array(2 ** 20 + 1), 'name=a')).status).toBe(413)
    expect((await send(bytes('x'), 'name=a&plan=%7B')).status).toBe(400)
    expect((await send(bytes('x'), 'name=a&plan=%7B%7D')).status).toBe(400)
    expect((await send(bytes('x'), '')).status).toBe(400)
  })
})
