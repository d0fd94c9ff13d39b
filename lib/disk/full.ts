import { AppError } from '#lib/core/errors.ts'

/** The system's names for: no space, this user's quota is used up, larger than this user may write (`ulimit -f`). */
const SYSTEM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * SQLITE_FULL, and what SQLite makes of the other two: SQLITE_IOERR_WRITE, and SQLITE_IOERR_SHMSIZE where the index of
 * the write-ahead log cannot grow.
 */
const SQLITE: ReadonlySet<unknown> = new Set([13, 778, 4874])

/** Errors that hide one another; a longer chain is a circle. */
const DEEPEST = 8

function says(thrown: object): boolean {
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown }
  return code === 'disk_full' || SYSTEM.has(code) || SQLITE.has(errcode)
}

/** Whether something failed because the disk takes no more, also when another error hides that as its cause. */
export function isDiskFull(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > DEEPEST) return false
  if (says(thrown)) return true
  const others: unknown[] = thrown instanceof AggregateError ? thrown.errors : []
  return [thrown.cause, ...others].some((inner) => isDiskFull(inner, depth + 1))
}

/** The one error for a disk that takes no more, whatever met it first. */
export const diskFull = (cause?: unknown): AppError =>
  cause instanceof AppError && cause.code === 'disk_full'
    ? cause
    : new AppError('disk_full', 'disk.full', { cause })

/** Lets a full disk pass, with a way to say so; everything else is thrown again. For work that may wait. */
export const unlessDiskFull =
  (tell: (error: AppError) => void) =>
  (thrown: unknown): void => {
    if (!isDiskFull(thrown)) throw thrown
    tell(diskFull(thrown))
  }
