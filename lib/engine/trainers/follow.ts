/** Reads what a trainer writes, while it writes it. */
import { type FileHandle, open } from 'node:fs/promises'
import type { z } from 'zod'
import { pause } from '#lib/core/pause.ts'
import { reasons } from '../model/reasons.ts'
import { isMissing } from '../storage.ts'
import { RunLine } from './contract.ts'

/** ms between two looks at the file. */
const LOOK = 100
/** Longest line, in bytes. */
const LINE = 64 * 1024
/** Bytes that are read at once. */
const BLOCK = 1 << 20
const NEWLINE = 10

type Failed = Extract<RunLine, { kind: 'failed' }>

/** As if the trainer had said it: it and the engine do not speak the same contract. */
const broken = (seq: number, problem: string): Failed => ({
  v: 1,
  seq,
  at: Date.now() / 1000,
  kind: 'failed',
  code: 'contract',
  message: `The trainer's report cannot be used: ${problem}. Trainer and engine have to be of versions that fit together.`,
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problemOf(value: unknown, error: z.ZodError): string {
  const [first] = error.issues
  if (first?.code !== 'invalid_union') return reasons(error)
  return `its kind ${JSON.stringify((value as { kind?: unknown }).kind)} is not known`
}

/** @param number of the line that is expected */
function readLine(text: string, number: number): RunLine {
  const value = parseJson(text)
  if (value === undefined) return broken(number, `line ${number} is not JSON`)
  const parsed = RunLine.safeParse(value)
  if (!parsed.success) return broken(number, `line ${number}: ${problemOf(value, parsed.error)}`)
  if (parsed.data.seq === number) return parsed.data
  return broken(number, `line ${number} is numbered ${parsed.data.seq}`)
}

async function read(file: FileHandle, from: number, most: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, from)
  return buffer.subarray(0, bytesRead)
}

/** The file's whole lines from a byte on. What follows the last newline is left for later: its end may never come. */
async function* wholeLines(path: string, from: number): AsyncGenerator<{ text: string; end: number }> {
  const file = await open(path).catch((thrown) => {
    if (isMissing(thrown)) return null
    throw thrown
  })
  try {
    for (let at = from; file; ) {
      // A block for every look would keep the garbage collector busy on all processors.
      const more = (await file.stat()).size - at
      if (more <= 0) return
      const block = await read(file, at, Math.min(more, BLOCK))
      const end = block.lastIndexOf(NEWLINE) + 1
      if (end === 0) {
        // Longer than any line may be, and no end yet.
        if (block.length > LINE) yield { text: block.toString('latin1', 0, 80), end: at + block.length }
        return
      }
      for (let start = 0; start < end; ) {
        const next = block.indexOf(NEWLINE, start) + 1
        yield { text: block.toString('utf8', start, next - 1), end: at + next }
        start = next
      }
      at += end
    }
  } finally {
    await file?.close()
  }
}

/**
 * The lines after number `seen`, each once, as they come; a line that breaks the contract becomes a `failed` and is the
 * last. The trainer cuts a half line off when it is started again, so nothing is kept of it here. null: no more for now.
 * @param over nobody writes any more: what is there is read, then it ends
 */
export async function* lookForLines(
  path: string,
  seen: number,
  over: AbortSignal,
): AsyncGenerator<RunLine | null> {
  let [at, number] = [0, 0]
  for (;;) {
    const last = over.aborted
    for await (const { text, end } of wholeLines(path, at)) {
      const line = readLine(text, number + 1)
      ;[at, number] = [end, number + 1]
      if (number > seen) yield line
      if (line.kind === 'failed' && line.code === 'contract') return
    }
    if (last) return
    yield null
    await pause(LOOK, over)
  }
}

/** The same without what is not a line. */
export async function* followLines(path: string, seen: number, over: AbortSignal): AsyncGenerator<RunLine> {
  for await (const line of lookForLines(path, seen, over)) if (line !== null) yield line
}
