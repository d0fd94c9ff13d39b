import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { countTokens } from '#lib/tokens/count.ts'
import { checkLine } from '#lib/training-data/check.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import { type FileKind, fileKindOf, isBlankText } from '#lib/training-data/formats/file-kind.ts'
import { type ImportPlan, keepsBytes } from '#lib/training-data/formats/plan.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { lineOf, type TextLine } from '#lib/training-data/jsonl.ts'
import { type DataReport, ReportBuilder } from '#lib/training-data/report.ts'
import type { Example, Preference } from '#lib/training-data/schema.ts'
import { cutFinding, type Reading, type Target } from '#lib/training-data/verdict.ts'
import { openText } from './decode.ts'
import { previewImport } from './preview.ts'
import { Reading as FileReading, type LeftOut } from './reading.ts'
import { openFile } from './records.ts'
import type { Split } from './schema.ts'
import { fileLines } from './worker/file-lines.ts'

/** Bytes at the start of a file that decide how to read it. */
const HEAD = 1024 * 1024

export interface FileReport extends LeftOut {
  plan: ImportPlan
  /** Whether the bytes identify the encoding for certain. */
  certain: boolean
  report: Omit<DataReport, 'linesByRule'>
}

export interface FileTarget {
  target: Target
  /** How many tokens of an example the destination reads. */
  read: (example: Example | Preference, limit: number) => Reading | Promise<Reading>
}

function headOf(file: string): { head: Uint8Array; cut: boolean } {
  const fd = openSync(file, 'r')
  try {
    const head = new Uint8Array(HEAD)
    const length = readSync(fd, head, 0, HEAD, 0)
    return { head: head.subarray(0, length), cut: length === HEAD }
  } finally {
    closeSync(fd)
  }
}

/** Why a file has no text to check; null when it may have some. */
export function faultOf(file: string): 'empty' | 'blank' | Exclude<FileKind, 'gzip'> | null {
  const { head, cut } = headOf(file)
  const kind = head.length === 0 ? 'empty' : !cut && isBlankText(head) ? 'blank' : fileKindOf(head)
  return kind === 'gzip' ? null : kind
}

/** A row of a file, and the physical line on which it begins. */
interface FileRow {
  line: TextLine
  at: number
  side: Split
}

/** The rows of a file: its lines as they are, or what its records are converted to. */
async function* rowsOf(file: string, plan: ImportPlan, reading: FileReading): AsyncGenerator<FileRow> {
  if (keepsBytes(plan)) {
    for (const { line } of fileLines(file)) yield { line, at: line.number, side: 'train' }
    return
  }
  let number = 0
  for await (const { text, at, side } of reading.lines(() => openText(openFile(file), plan)))
    yield { line: lineOf(text, ++number), at, side: side ?? 'train' }
}

/** What a destination that counts with its own tokenizer cuts off a row. */
async function cutIn(line: TextLine, { target, read }: FileTarget): Promise<Omit<Issue, 'line' | 'row'>[]> {
  const { context } = target
  // A token has at least one byte: most rows need not be counted.
  if (context === null || line.bytes <= context) return []
  const { example, pair } = checkLine(line, { target, quality: false })
  const found = example ?? pair
  if (!found) return []
  const place = { column: 1, path: '' }
  return cutFinding(await read(found, context), context).map(({ rule, severity, values = {} }) => ({
    rule,
    severity,
    values,
    ...place,
  }))
}

/**
 * Checks a file of any importable format against the rules of the editor and of a destination, record by record.
 * @throws AppError invalid for a damaged gzip file; errors of the file system
 */
export async function checkFile(file: string, destination: FileTarget | null): Promise<FileReport> {
  const { head, cut } = headOf(file)
  const { plan, encoding } = await previewImport(head, { name: path.basename(file), cut })
  const reading = new FileReading(plan)
  /** Physical line of each row, by row number, where the two differ. */
  const places: number[] = []
  const target = destination?.target
  const builder = new ReportBuilder(target ? { minimumRows: target.minimumRows } : {})
  for await (const { line, at, side } of rowsOf(file, plan, reading)) {
    if (at !== line.number) places[line.number] = at
    const facts = readFacts(line, countTokens, target ? { target } : {})
    const lost = destination ? await cutIn(line, destination) : []
    const issues = [...facts.issues, ...lost]
    builder.add({ ...facts, issues }, side, () => line.text)
  }
  const { linesByRule: _, issues, ...report } = builder.finish()
  const at = (issue: Issue): Issue => ({ ...issue, line: places[issue.line] ?? issue.line })
  const certain = encoding?.certain ?? true
  return { plan, certain, report: { ...report, issues: issues.map(at) }, ...reading.leftOut() }
}
