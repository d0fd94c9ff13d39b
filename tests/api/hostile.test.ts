import { describe, expect, it } from 'vitest'
import { importDataset, importRows } from '#lib/datasets/import.ts'
import { previewImport } from '#lib/datasets/preview.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { getDataset, getRows } from '#lib/datasets/view.ts'
import { exportedBytes, incoming } from '../support/dataset-files.ts'
import { nasties } from '../support/malformed-files.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

const hostile = (bytes: Uint8Array, extra: object = {}) => incoming(bytes, { length: bytes.length, ...extra })

const message = '{"role": "user", "content": "q"}'
const good = `{"messages": [${message}, {"role": "assistant", "content": "a"}]}\n`
const times = (count: number, text: string) => Array(count).fill(text).join(',')

describe('a hostile file', () => {
  const files = nasties.filter(({ length }) => length > 0)

  it('leaves byte for byte as it came, whatever it holds, and is reported, shown and frozen', async () => {
    expect(files.length).toBeGreaterThan(150)
    for (const bytes of files) {
      const label = JSON.stringify(Buffer.from(bytes.subarray(0, 60)).toString('latin1'))
      const { id, added, blank } = await importDataset(hostile(bytes))
      expect((await exportedBytes(id)).equals(Buffer.from(bytes)), label).toBe(true)
      const { dataset, report } = await getDataset(id)
      expect(report.lines, label).toBe(added + blank)
      expect((await getRows(id)).total, label).toBe(added + blank)
      expect((await makeVersion(id)).sha256, label).toMatch(/^[0-9a-f]{64}$/)
      const { examples, errors } = dataset.train
      const state = errors > 0 ? 'blocked' : 'ready'
      expect(dataset.state, label).toBe(examples === 0 ? 'empty' : state)
    }
  })

  it('takes nothing from the file before it', async () => {
    for (const bytes of files.slice(0, 40)) {
      const { id } = await importDataset(hostile(Buffer.from(good)))
      await importRows(id, hostile(bytes))
      const whole = (await exportedBytes(id)).toString('latin1')
      expect(whole.startsWith(good)).toBe(true)
      const rest = Buffer.from(bytes).toString('latin1')
      expect(whole.slice(good.length)).toBe(rest.replace(/^\xef\xbb\xbf/, ''))
    }
  })

  it.each(['jsonl', 'json', 'csv'] as const)(
    'read as %s becomes rows or is refused in words',
    async (container) => {
      for (const bytes of files) {
        for (const shape of ['prompt-completion', 'alpaca', 'sharegpt', 'lines'] as const) {
          const plan = { container, mapping: { shape } }
          await previewImport(bytes, { name: 'x', plan })
        }
        const plan = { container, mapping: { shape: 'prompt-completion' as const } }
        const made = await importDataset(hostile(bytes, { plan })).catch((thrown: unknown) => thrown)
        if (made instanceof Error) expect(made).toMatchObject({ code: 'invalid' })
      }
    },
  )
})

describe('one line that is wrong in very many places', () => {
  it.each([
    ['empty turns', `{"messages": [${times(100_000, '{}')}]}`],
    [
      'empty calls',
      `{"messages": [${message}, {"role": "assistant", "tool_calls": [${times(150_000, '{}')}]}]}`,
    ],
    ['numbers that lose digits', `{"messages": [], "x": [${times(100_000, '9007199254740993')}]}`],
    ['an endless key', `{"${'k'.repeat(2_000_000)}": [${times(30, '1e999')}], "messages": []}`],
  ])('%s: the line is refused, the others stand, and the answer stays small', async (_, line) => {
    const { id } = await importDataset(hostile(Buffer.from(`${line}\n${good}`)))
    const { report } = await getDataset(id)
    expect(report.issues.some(({ line, severity }) => line === 1 && severity === 'error')).toBe(true)
    expect(report.issues.some(({ line, severity }) => line === 2 && severity === 'error')).toBe(false)
    expect(JSON.stringify(report).length).toBeLessThan(60_000)
  })
})

describe('lines of megabytes', () => {
  it('are shown as many at a time as one answer bears, and come out whole', async () => {
    const long = `{"messages": [${message}, {"role": "assistant", "content": "${'word '.repeat(1_400_000)}"}]}\n`
    const bytes = Buffer.from(long.repeat(8))
    const { id } = await importDataset(hostile(bytes))
    const first = await getRows(id)
    expect(first.total).toBe(8)
    expect(first.rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const rest = await getRows(id, { offset: 5, limit: 100 })
    expect(rest.rows.map(({ number }) => number)).toEqual([6, 7, 8])
    expect((await exportedBytes(id)).equals(bytes)).toBe(true)
  })

  it('beyond what a line may have pass through without being held', async () => {
    const bytes = Buffer.concat([Buffer.alloc(40 * 2 ** 20, 0x61), Buffer.from(`\n${good}`)])
    const { id } = await importDataset(hostile(bytes))
    const { report } = await getDataset(id)
    expect(report.issues).toContainEqual(expect.objectContaining({ rule: 'too-big', line: 1 }))
    expect((await exportedBytes(id)).equals(bytes)).toBe(true)
    const first = await makeVersion(id)
    expect(first).toMatchObject({ trainRows: 2 })
  })
})
