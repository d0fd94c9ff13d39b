import { z } from 'zod'

/** The part of a line that an error is about. */
export const Excerpt = z.object({
  text: z.string().max(400),
  /** UTF-16 index in `text` of what is wrong; null: not known. */
  at: z.number().int().min(0).nullable(),
})
export type Excerpt = z.infer<typeof Excerpt>

/** Characters that are kept of the line before and after the place. */
const BEFORE = 60
const AFTER = 120

const isSecondHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff

/** The nearest index at or before `index` that splits no character in two. */
const between = (text: string, index: number): number =>
  index > 0 && index < text.length && isSecondHalf(text.charCodeAt(index)) ? index - 1 : index

/**
 * The surroundings of a column, with ellipses where the line goes on.
 * @param column UTF-16, from 1; null: the beginning of the line
 */
export function excerptAt(line: string, column: number | null): Excerpt {
  const place = Math.min(Math.max((column ?? 1) - 1, 0), line.length)
  const start = between(line, Math.max(0, place - BEFORE))
  const end = between(line, Math.min(line.length, place + AFTER))
  const [before, after] = [start > 0 ? '…' : '', end < line.length ? '…' : '']
  const text = `${before}${line.slice(start, end)}${after}`
  return { text, at: column === null ? null : before.length + place - start }
}
