/** Worker thread: runs regular expressions on hostile texts, and reports the time of each. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FoundRegex } from './regexes.ts'

/** Result for one regular expression. Times in ms. */
export type RegexReport =
  | { kind: 'begun'; index: number }
  | { kind: 'done'; index: number; slowest: number; text: string }

const LENGTH = 1_000_000
/** Length of texts made from the expression's pieces: shorter, since there are many. */
const OWN_LENGTH = 200_000

const run = (piece: string, length = LENGTH): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length)

/** A different end: a pattern that needs `$` has to backtrack. */
const texts: [string, string][] = [
  ['blanks', ' '],
  ['dashes', '-'],
  ['letters', 'a'],
  ['digits', '1'],
  ['quotes', '"'],
  ['newlines', '\n'],
  ['words', 'a b '],
  ['brackets', '[{('],
  ['dots', 'a.1.'],
  ['marks', '@/\\:'],
].map(([name = '', piece = '']) => [name, `${run(piece)}b`])

const STANDS_FOR: Record<string, string> = { d: '1', w: 'a', s: ' ', S: 'a', D: 'a', n: '\n', r: '\r' }

/** Reads one piece of a pattern as a text that it usually matches. */
function pieceOf(token: string): string {
  if (/^\\[bB]$|^\(\?|^[()^$|]$/.test(token)) return ''
  if (/^\\[pP]/.test(token)) return 'A'
  if (/^\\[ux]/.test(token))
    return String.fromCodePoint(Number.parseInt(token.replace(/[^0-9a-fA-F]/g, ''), 16))
  if (token.startsWith('\\')) return STANDS_FOR[token[1] ?? ''] ?? token[1] ?? ''
  if (token.startsWith('[^')) return 'a'
  if (token.startsWith('[')) return pieceOf(ATOM.exec(token.slice(1))?.[0] ?? '')
  return token === '.' ? 'a' : token
}

const ATOM = /\\[pP]\{\w+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|./su

const TOKENS =
  /(\\[pP]\{\w+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\[(?:\\.|[^\]])*\]|\(\?(?:<?[=!]|:)|[^\\[])(?:[*+?]|\{(\d+),?\d*\})?\??/gsu

/** Prefixes of what a pattern matches, increasing in length: repeated prefixes provoke backtracking. */
function beginnings(source: string): string[] {
  const found: string[] = []
  for (const [, token, times] of source.matchAll(TOKENS))
    found.push((found.at(-1) ?? '') + pieceOf(token ?? '').repeat(Math.min(64, Number(times ?? 1))))
  return [...new Set(found)].filter((text) => text !== '').slice(0, 12)
}

const ownTexts = ({ source }: FoundRegex): [string, string][] =>
  beginnings(source).flatMap((start): [string, string][] => [
    [`own ${JSON.stringify(start)}`, run(start, OWN_LENGTH)],
    [`own ${JSON.stringify(`${start}-`)}`, `${run(`${start}-`, OWN_LENGTH)}\n`],
  ])

/** Limit of parts for `split`: `replace` has found all of them. */
const PARTS = 1_000

/** All operations with a regular expression. */
function use({ source, flags }: FoundRegex, text: string): void {
  new RegExp(source, flags).exec(text)
  const all = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
  text.replace(all, '')
  text.split(new RegExp(source, flags.replace('y', '')), PARTS)
}

const { regexes, from } = workerData as { regexes: FoundRegex[]; from: number }
const tell = (report: RegexReport): void => parentPort?.postMessage(report)

for (const [index, regex] of regexes.entries()) {
  if (index < from) continue
  tell({ kind: 'begun', index })
  let [slowest, slowestText] = [0, '']
  for (const [name, text] of [...texts, ...ownTexts(regex)]) {
    const begun = performance.now()
    use(regex, text)
    const took = performance.now() - begun
    if (took > slowest) [slowest, slowestText] = [took, name]
  }
  tell({ kind: 'done', index, slowest, text: slowestText })
}
