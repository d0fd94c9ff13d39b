import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { emptyLostFound, moveStrangers } from '#lib/db/lost-found.ts'
import { scratch } from '#tests/support/databases.ts'

const root = scratch()
afterAll(() => rmSync(root, { recursive: true, force: true }))

const today = () => new Date().toISOString().slice(0, 10)
let logged: string[] = []
beforeEach(() => {
  logged = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void logged.push(line))
})

function newFolder(): string {
  const folder = mkdtempSync(path.join(root, 'folder-'))
  mkdirSync(path.join(folder, 'jobs', 'stranger'), { recursive: true })
  mkdirSync(path.join(folder, 'jobs', 'known'))
  writeFileSync(path.join(folder, 'jobs', 'stranger', 'model'), 'weights')
  return folder
}

describe('files that the database does not know', () => {
  test('are moved with their contents, and logged', async () => {
    const folder = newFolder()
    await moveStrangers(folder, 'jobs', (name) => name === 'known')
    const place = path.join(folder, 'lost+found', today(), 'jobs')
    expect(readdirSync(path.join(folder, 'jobs'))).toEqual(['known'])
    expect(readFileSync(path.join(place, 'stranger', 'model'), 'utf8')).toBe('weights')
    expect(logged).toEqual([expect.stringContaining(`moved to ${place} and are deleted after 30 days`)])
  })

  test('overwrite no file that was moved before', async () => {
    const folder = newFolder()
    const place = path.join(folder, 'lost+found', today(), 'jobs')
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(path.join(folder, 'jobs', 'file'), text)
      await moveStrangers(folder, 'jobs', (name) => name !== 'file')
    }
    expect(['file', 'file-2', 'file-3'].map((name) => readFileSync(path.join(place, name), 'utf8'))).toEqual([
      'first',
      'second',
      'third',
    ])
  })

  test('no folder and no log when all files are known or the folder is missing', async () => {
    const folder = newFolder()
    await moveStrangers(folder, 'jobs', () => true)
    await moveStrangers(folder, 'blobs', () => false)
    expect(existsSync(path.join(folder, 'lost+found'))).toBe(false)
    expect(logged).toEqual([])
  })

  test('are deleted after 30 days, and nothing else', async () => {
    const folder = newFolder()
    const place = (name: string) => path.join(folder, 'lost+found', name)
    for (const name of ['2026-01-01', '2026-01-02', 'my own notes'])
      mkdirSync(place(name), { recursive: true })
    await emptyLostFound(folder, Date.parse('2026-02-01T12:00:00Z'))
    expect(readdirSync(place('.')).sort()).toEqual(['2026-01-02', 'my own notes'])
    await emptyLostFound(folder, Date.parse('2026-01-31T23:59:00Z'))
    expect(existsSync(place('2026-01-02'))).toBe(true)
  })
})
