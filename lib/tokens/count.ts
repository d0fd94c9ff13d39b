import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type CountableExample, type ExampleTokens, exampleTokens } from './chat.ts'
import { type Counter, createCounter, type TokenTable } from './counter.ts'
import type { Encoding } from './encoding.ts'

const { resolve } = createRequire(import.meta.url)
const tables: Record<Encoding, string> = {
  o200k_base: resolve('tiktoken/encoders/o200k_base.json'),
  cl100k_base: resolve('tiktoken/encoders/cl100k_base.json'),
}
const counters = new Map<Encoding, Counter>()

/** Reads an encoding's table on first use: about a third of a second and 25 MB. Not for the web server's process. */
export function counterOf(encoding: Encoding): Counter {
  const known = counters.get(encoding)
  if (known) return known
  const made = createCounter(JSON.parse(readFileSync(tables[encoding], 'utf8')) as TokenTable)
  counters.set(encoding, made)
  return made
}

/** Number of tokens of a text; special tokens (`<|im_end|>`) count as plain text. */
export const countTokens = (text: string, encoding: Encoding = 'o200k_base'): number =>
  counterOf(encoding).count(text)

/** Tokens of an example as OpenAI would bill them: an estimate where it has tools or images. */
export const countExample = (example: CountableExample, encoding: Encoding = 'o200k_base'): ExampleTokens =>
  exampleTokens(example, counterOf(encoding).count)
