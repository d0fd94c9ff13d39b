/** A trained adapter, taken away in every format and opened by other programs; and theirs, opened by the engine. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const {
  LIMERICK_REAL_MODEL: base = '',
  LIMERICK_TORCH: python = '',
  LIMERICK_LLAMA: llama = '',
  LIMERICK_PYTHON: trl,
} = process.env
const outs = mkdtempSync(path.join(tmpdir(), 'limerick-exports-'))
afterAll(() => rmSync(outs, { recursive: true }))

const script = (name: string) => fileURLToPath(new URL(`exports/${name}`, import.meta.url))

/** Prints what the script prints: its figures. */
function run(command: string, ...args: string[]): number | null {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  console.log(stdout)
  if (status !== 0) console.log(stderr)
  return status
}

const node = (name: string, ...args: string[]) =>
  run(process.execPath, '--conditions=react-server', script(name), ...args)

const trainers = trl ? ['onnx', 'trl'] : ['onnx']

describe.skipIf(!python || !llama).each(trainers)(
  'an export of %s (needs PyTorch and llama.cpp)',
  (trainer) => {
    const out = path.join(outs, trainer)

    test('is made in every format', () => expect(node('make.ts', base, out, trainer)).toBe(0))

    test('has the same logits and greedy answers in transformers and peft', () =>
      expect(run(python, script('open.py'), base, out)).toBe(0))

    test('goes on as in the engine in llama.cpp, and adapters of peft have the same logits here', () =>
      expect(node('open.ts', base, out, llama)).toBe(0))
  },
)
