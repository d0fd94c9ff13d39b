import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makePrivate } from '#lib/launch/private-folder.ts'

const root = mkdtempSync(path.join(tmpdir(), 'limerick-private-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let made = 0

function folder(mode: number, ...files: string[]): string {
  const name = path.join(root, String(made++))
  mkdirSync(name)
  for (const file of files) writeFileSync(path.join(name, file), '')
  chmodSync(name, mode)
  return name
}

const modeOf = (name: string) => statSync(name).mode & 0o7777

function tried(name: string): string[] {
  const said: string[] = []
  makePrivate(name, (line) => said.push(line))
  return said
}

describe.skipIf(process.platform === 'win32')('a data folder (permissions are not Windows’)', () => {
  test.each([
    [0o777, 0o755],
    [0o770, 0o750],
    [0o1777, 0o1755],
  ])('that others can write to (%o) is taken back, and it is said', (mode, wanted) => {
    for (const name of [folder(mode), folder(mode, 'lock.db', 'studio.db')]) {
      expect(tried(name)).toEqual([expect.stringContaining('Now only you can')])
      expect(modeOf(name)).toBe(wanted)
    }
  })

  test('that only its owner can write stays as it is', () => {
    for (const mode of [0o700, 0o755]) {
      const name = folder(mode, 'lock.db')
      expect(tried(name)).toEqual([])
      expect(modeOf(name)).toBe(mode)
    }
    expect(tried(path.join(root, 'not there'))).toEqual([])
  })

  test('that holds files of other programs is refused and unchanged', () => {
    const name = folder(0o777, 'letters.txt')
    expect(() => tried(name)).toThrow(/chmod go-w/)
    expect(modeOf(name)).toBe(0o777)
  })
})
