/**
 * Compiles the training loops, lib/engine/model/adamw.wat, to the module beside it, which is committed: whoever trains needs
 * no compiler.
 * Usage: npm run build:wasm
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'

const file = (name: string) => fileURLToPath(new URL(`../../lib/engine/model/${name}`, import.meta.url))
export const compiled = file('adamw.wasm')

/** @returns bytes of the module */
export async function compile(): Promise<Uint8Array> {
  const wabt = await loadWabt()
  const module = wabt.parseWat('adamw.wat', readFileSync(file('adamw.wat'), 'utf8'), { simd: true })
  module.validate()
  return module.toBinary({}).buffer
}

if (import.meta.main) writeFileSync(compiled, await compile())
