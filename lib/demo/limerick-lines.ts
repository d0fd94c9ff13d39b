/** The rhyme scheme of a limerick, one letter per line. */
export const RHYME = ['A', 'A', 'B', 'B', 'A'] as const

/** A dash with spaces around it. Lookarounds do not consume the spaces, which keeps matching linear. */
const DASH = /(?<=\s)[-–—](?=\s|$)/

/** The parts of a text between dashes that have spaces around them. */
export const dashParts = (text: string): string[] => text.split(DASH).map((part) => part.trim())

/** Maximum length of a line of verse, in characters; longer text is a paragraph. */
const LONGEST_LINE = 120

/**
 * The lines of an answer in the lesson's dash form, "one - two - three - four - five".
 * @param ended whether the text is complete; until then, fewer than five lines are allowed
 * @returns null if the text is not in that form
 */
export function verseOf(text: string, ended: boolean): string[] | null {
  const lines = dashParts(text.trim())
  if (lines.length < 2 || lines.length > RHYME.length || text.trim().includes('\n')) return null
  if (lines.some((line) => line.length > LONGEST_LINE)) return null
  const written = lines.filter((line) => line.length > 0).length
  if (ended) return written === RHYME.length ? lines : null
  return lines.slice(0, -1).every((line) => line.length > 0) ? lines : null
}
