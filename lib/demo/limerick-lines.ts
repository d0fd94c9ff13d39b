/** The rhyme scheme of a limerick, line by line. */
export const RHYME = ['A', 'A', 'B', 'B', 'A'] as const

/** A dash with blanks around it. Lookarounds do not consume the blanks, which keeps the time linear. */
const DASH = /(?<=\s)[-–—](?=\s|$)/

/** The parts of a text between dashes with blanks around them. */
export const dashParts = (text: string): string[] => text.split(DASH).map((part) => part.trim())

/** Longest part, in characters, that counts as a line of verse and not a paragraph. */
const LONGEST_LINE = 120

/**
 * The lines of an answer in the lesson's dash form, "one - two - three - four - five".
 * @param ended whether the text is complete: before that, fewer than five lines are enough
 * @returns null when the text is not in that form
 */
export function verseOf(text: string, ended: boolean): string[] | null {
  const lines = dashParts(text.trim())
  if (lines.length < 2 || lines.length > RHYME.length || text.trim().includes('\n')) return null
  if (lines.some((line) => line.length > LONGEST_LINE)) return null
  const written = lines.filter((line) => line.length > 0).length
  if (ended) return written === RHYME.length ? lines : null
  return lines.slice(0, -1).every((line) => line.length > 0) ? lines : null
}
