import { WEIGHTS } from '#lib/providers/weights-file.ts'
import type { Point } from './series-schema.ts'

const startsRight = (text: string): boolean => /^\uFEFF?"?step"?\s*,/.test(text)

const decoded = (served: string): string => Buffer.from(served, 'base64').toString('utf8')

/** Whether the beginning of a result file is base64, as OpenAI serves it; others serve it as it is. */
export const isBase64Result = (head: string): boolean => !startsRight(head) && startsRight(decoded(head))

/** The file as it was written. */
function plainText(served: string): string | null {
  if (startsRight(served)) return served
  return isBase64Result(served) ? decoded(served) : null
}

const cells = (line: string): string[] => line.split(',').map((cell) => cell.replaceAll('"', '').trim())

/** Of a job's result files those that may hold a curve: weights never do, and are large. */
export const curveFiles = (fileIds: readonly string[]): string[] =>
  fileIds.filter((id) => !id.startsWith(WEIGHTS))

/** Blank is "not measured", and so is Azure's -1; zero is a loss. */
function measured(cell: string | undefined): number | null {
  if (!cell) return null
  const value = Number(cell)
  return Number.isFinite(value) && value !== -1 ? value : null
}

/** Columns by all names that they have had, OpenAI's and Azure's. */
const COLUMNS = {
  step: ['step'],
  trainLoss: ['train_loss'],
  validLoss: ['valid_loss', 'validation_loss'],
  fullValidLoss: ['full_valid_loss'],
  accuracy: ['train_mean_token_accuracy', 'train_accuracy'],
  validAccuracy: ['valid_mean_token_accuracy', 'validation_mean_token_accuracy', 'valid_accuracy'],
  fullValidAccuracy: ['full_valid_mean_token_accuracy', 'full_validation_mean_token_accuracy'],
} satisfies Partial<Record<keyof Point, string[]>>

type Column = keyof typeof COLUMNS

const places = (header: string): [Column, number][] => {
  const names = cells(header)
  return Object.entries(COLUMNS).map(([column, wanted]) => [
    column as Column,
    names.findIndex((name) => wanted.includes(name)),
  ])
}

/**
 * The curve in a result file: CSV, plain or base64, with either header.
 * @returns no points for a file that is something else
 */
export function resultFilePoints(served: string): Point[] {
  const [header, ...lines] =
    plainText(served)
      ?.replace(/^\uFEFF/, '')
      .split(/\r?\n/) ?? []
  if (header === undefined) return []
  const columns = places(header)
  return lines.flatMap((line) => {
    const row = cells(line)
    const point = Object.fromEntries(columns.map(([column, place]) => [column, measured(row[place])]))
    return Number.isSafeInteger(point.step) && point.step !== null && Number(point.step) >= 0
      ? [{ ...(point as unknown as Point), at: null }]
      : []
  })
}
