import type { Point } from './schema.ts'

const startsRight = (text: string): boolean => /^\uFEFF?"?step"?,/.test(text)

/** OpenAI serves the file as base64, others as it is. */
function plainText(served: string): string | null {
  if (startsRight(served)) return served
  const decoded = Buffer.from(served, 'base64').toString('utf8')
  return startsRight(decoded) ? decoded : null
}

const cells = (line: string): string[] => line.split(',').map((cell) => cell.replaceAll('"', '').trim())

/** Blank is "not measured", and so is Azure's -1; zero is a loss. */
function measured(cell: string | undefined): number | null {
  if (!cell) return null
  const value = Number(cell)
  return Number.isFinite(value) && value !== -1 ? value : null
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
  const names = cells(header)
  return lines.flatMap((line) => {
    const row = cells(line)
    const value = (...wanted: string[]) => measured(row[names.findIndex((name) => wanted.includes(name))])
    const step = value('step')
    if (step === null) return []
    return [
      {
        step,
        trainLoss: value('train_loss'),
        validLoss: value('valid_loss'),
        fullValidLoss: value('full_valid_loss'),
        accuracy: value('train_mean_token_accuracy', 'train_accuracy'),
      },
    ]
  })
}
