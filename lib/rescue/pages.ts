import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { RemoteList } from '#lib/jobs/wire.ts'
import { asWanted } from '#lib/providers/request.ts'

/** Entries of a page. */
const PAGE = 100

/** Entries of the one page that is asked for when a server does not page: the most that OpenAI gives of any list. */
const WIDE = 10_000

/** Times that the same page is asked for while the server sends an earlier one. */
const TRIES = 3

/** Pages read at most, in case a server always has more: half a million entries. */
const MOST_PAGES = 5_000

export interface PageQuery {
  limit: number
  after: string | undefined
}

interface Page {
  entries: unknown[]
  more: boolean
}

const Named = z.object({ id: z.string().min(1) })

const idOf = (entry: unknown): string | undefined => Named.safeParse(entry).data?.id

/** What tells entries apart: some servers give events no ids. */
export const markOf = (entry: unknown): string => idOf(entry) ?? JSON.stringify(entry)

/** When a server does not say whether there is more, a full page means yes. */
function pageIn(providerId: string, bytes: Buffer, limit: number): Page {
  const { data, has_more } = asWanted(providerId, bytes.toString('utf8'), 'list', RemoteList)
  const entries = data ?? []
  return { entries, more: has_more ?? entries.length >= limit }
}

const repeats = (): AppError => new AppError('provider_refused', 'rescue.repeats')

/**
 * Reads a list to its end. Pages may overlap and shift. A server that ignores `after` sends the first page again: it is
 * asked again, then for everything in one page.
 * @param ask gets a page as it comes
 * @param keep is given each page that brings something, with its new entries
 * @throws AppError rescue.repeats when the rest cannot be reached; what `ask` and `keep` throw
 */
export async function readPages(
  providerId: string,
  ask: (query: PageQuery) => Promise<Buffer>,
  keep: (page: Buffer, fresh: unknown[]) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>()
  let largest = 0
  const read = async (query: PageQuery) => {
    const bytes = await ask(query)
    const { entries, more } = pageIn(providerId, bytes, query.limit)
    const fresh = entries.filter((entry) => !seen.has(markOf(entry)))
    for (const entry of fresh) seen.add(markOf(entry))
    if (fresh.length > 0 || seen.size === 0) await keep(bytes, fresh)
    return { entries, more, fresh }
  }

  let after: string | undefined
  let repeated = 0
  for (let page = 0; page < MOST_PAGES && repeated < TRIES; page++) {
    const { entries, more, fresh } = await read({ limit: PAGE, after })
    if (!more || entries.length === 0) return
    largest = Math.max(largest, entries.length)
    if (fresh.length === 0) {
      repeated++
      continue
    }
    repeated = 0
    const last = idOf(entries.at(-1))
    if (last === undefined) break
    after = last
  }
  const { entries, more } = await read({ limit: WIDE, after: undefined }).catch(() => {
    throw repeats()
  })
  // A server that always says "more" has none when it sends fewer than it was asked for, and more than on a page.
  if (more && (entries.length >= WIDE || entries.length <= largest)) throw repeats()
}
