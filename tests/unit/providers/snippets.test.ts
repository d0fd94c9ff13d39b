import { spawnSync } from 'node:child_process'
import { stripTypeScriptTypes } from 'node:module'
import vm from 'node:vm'
import { describe, expect, test } from 'vitest'
import { keyLine, LANGUAGES, snippet } from '#lib/providers/snippets.ts'
import { ELLE_SYSTEM } from '../../support/elle.ts'

const here = { origin: 'http://localhost:4711', model: 'limerick-base' }
const code = (language: (typeof LANGUAGES)[number]) => snippet(language, here)

describe('use from code', () => {
  test.each(LANGUAGES)('%s does every step at this address, with the key from outside', (language) => {
    const text = code(language)
    expect(text).toContain('http://localhost:4711/v1')
    expect(text).toContain('http://localhost:4711/samples/elle.jsonl')
    expect(text).toContain('"limerick-base"'.replaceAll('"', language === 'typescript' ? "'" : '"'))
    expect(text).toContain(ELLE_SYSTEM)
    expect(text).toContain('LIMERICK_KEY')
    expect(text).not.toMatch(/\b(sk|lk)-/)
  })

  test('the shell parses the curl snippet and the line that reads the key', () => {
    const { status, stderr } = spawnSync('sh', ['-n'], {
      input: `${keyLine(null)}\n${code('curl')}`,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('Node parses the TypeScript snippet', () => {
    const script = stripTypeScriptTypes(code('typescript')).replace(/^import .*$/m, '')
    expect(() => new vm.Script(`async () => {${script}}`)).not.toThrow()
  })
})

test('a data folder other than the default is quoted for the shell, whatever its name', () => {
  expect(keyLine("/tmp/it's here")).toBe(
    `export LIMERICK_KEY="$(LIMERICK_DATA='/tmp/it'\\''s here' npm run --silent key)"`,
  )
})
