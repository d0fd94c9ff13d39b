/** SQLite's primary result code; extended codes carry the reason in their higher bits. */
const codeOf = (thrown: unknown): number | null =>
  thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : null

const [BUSY, LOCKED, CORRUPT, NOT_A_DATABASE] = [5, 6, 11, 26]

/** Another connection holds the lock: SQLITE_BUSY, SQLITE_LOCKED. */
export const isLocked = (thrown: unknown): boolean => [BUSY, LOCKED].includes(codeOf(thrown) ?? 0)

/** The bytes are not what SQLite wrote: SQLITE_CORRUPT, SQLITE_NOTADB. */
export const isDamaged = (thrown: unknown): boolean => [CORRUPT, NOT_A_DATABASE].includes(codeOf(thrown) ?? 0)
