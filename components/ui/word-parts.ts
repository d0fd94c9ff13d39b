import { type ChangeObject, diffLines, diffWordsWithSpace } from 'diff'

/** A piece of two texts: in both, or only in the first (removed) or the second (added). */
export type WordPart = Pick<ChangeObject<string>, 'value' | 'removed' | 'added'>

/** Characters of both texts together; above this, a word diff takes too long in a page. */
const LIMIT = 20_000
/**
 * ms. If the diff of two very different texts takes longer, all of one is shown as removed and all of the other as
 * added.
 */
const OPTIONS = { timeout: 200 }
/** Letters of unchanged text between two changes that are shown as part of one change. */
const ISLAND = 3
/** Share of common words below which a diff explains nothing. */
const LITTLE = 0.3

const removed = (value: string): WordPart => ({ value, removed: true, added: false })
const added = (value: string): WordPart => ({ value, removed: false, added: true })
const kept = (value: string): WordPart => ({ value, removed: false, added: false })

const isChange = (part: WordPart | undefined): boolean => Boolean(part?.removed || part?.added)

const isIsland = (part: WordPart): boolean => !isChange(part) && part.value.trim().length <= ISLAND

/** Joins changes that only a short word or a space keeps apart: first all that was removed, then all that was added. */
function joined(parts: readonly WordPart[]): WordPart[] {
  const result: WordPart[] = []
  let [gone, come] = ['', '']
  const close = () => {
    if (gone) result.push(removed(gone))
    if (come) result.push(added(come))
    gone = ''
    come = ''
  }
  for (const [index, part] of parts.entries()) {
    const isBetween = isIsland(part) && (gone || come) && isChange(parts[index + 1])
    if (part.removed || isBetween) gone += part.value
    if (part.added || isBetween) come += part.value
    if (isChange(part) || isBetween) continue
    close()
    result.push(kept(part.value))
  }
  close()
  return result
}

function compare(before: string, after: string): WordPart[] {
  const long = before.length + after.length > LIMIT
  const parts = long ? diffLines(before, after, OPTIONS) : diffWordsWithSpace(before, after, OPTIONS)
  return parts ?? [removed(before), added(after)]
}

const wordsIn = (text: string): number => text.split(/\s+/).filter(Boolean).length

const commonShare = (parts: readonly WordPart[], before: string, after: string): number => {
  const common = parts.reduce((sum, part) => sum + (isChange(part) ? 0 : wordsIn(part.value)), 0)
  return common / Math.max(1, wordsIn(before), wordsIn(after))
}

/** Two texts piece by piece; `apart`: they have so little in common that each is better read by itself. */
export function wordParts(before: string, after: string): { parts: WordPart[]; apart: boolean } {
  const parts = compare(before, after)
  const apart = before.trim() !== '' && after.trim() !== '' && commonShare(parts, before, after) < LITTLE
  const shown = apart ? [removed(before), added(after)] : joined(parts)
  return { parts: shown.filter(({ value }) => value !== ''), apart }
}
