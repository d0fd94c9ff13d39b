/** What LIMERICK_PYTHON may name: a program that is called as an interpreter is, and runs the fake trainer. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const trainer = fileURLToPath(new URL('./fake-trainer.ts', import.meta.url))

interface Fake {
  /** That its probe says. */
  facts?: object
  /** Of the trainer: FAKE_STEP, FAKE_MEMORY, LIMERICK_TRAINER_FAULT. */
  env?: Record<string, string | number>
}

/** A GPU as a probe tells of it, with so many bytes. */
export const fakeGpu = (memory: number, free = memory) => ({
  ...{ index: 0, name: 'NVIDIA Test', uuid: 'GPU-1', driver: '580.1', capability: '8.6', memory, free },
})

/** Writes the program, or writes it anew: each call of it reads what it says then. @returns its path */
export function fakePython(folder: string, { facts = {}, env = {} }: Fake = {}): string {
  const file = path.join(folder, 'python')
  writeFileSync(`${file}.json`, JSON.stringify(facts))
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${value}`)
  const lines = [
    '#!/bin/sh',
    ...exports,
    `export FAKE_FACTS="$(cat '${file}.json')"`,
    `exec '${process.execPath}' '${trainer}' "$@"`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 })
  return file
}
