import { isDiskFull } from '#lib/disk/full.ts'
import { isDamaged, isLocked } from './sqlite-error.ts'

/** Why a database cannot be used, in words for the user: what is wrong, what was changed, what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** @param backups newest first */
const backupHint = (file: string, [newest]: string[]): string =>
  newest
    ? ` The newest backup is ${newest}: copy it to ${file} and delete ${file}-wal, which belongs to the other one.`
    : ' Limerick has made no backup of it yet.'

/** @returns words for an error while opening or updating `file`; a DatabaseError is returned unchanged */
export function inWords(thrown: unknown, file: string, backups: string[]): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown
  const say = (message: string) => new DatabaseError(message, { cause: thrown })
  if (isDiskFull(thrown))
    return say(`The disk is full: the database ${file} stays as it was. Free some space and start again.`)
  if (isLocked(thrown))
    return say(`The database ${file} is in use by another program. Close that program and start again.`)
  if (isDamaged(thrown))
    return say(
      `The database ${file} is damaged. Nothing was changed. Move it away, put a backup in its place and start again.${backupHint(file, backups)}`,
    )
  return say(`The database ${file} could not be opened (${reasonOf(thrown)}). It stays as it was.`)
}

/** @param unknown migrations of the database that this program does not have */
export function writtenByNewer(file: string, unknown: string[], backups: string[]): DatabaseError {
  return new DatabaseError(
    `The database ${file} was written by a newer Limerick (it has ${unknown.join(', ')}). Nothing was changed. Start the newer Limerick, or put a backup in its place.${backupHint(file, backups)}`,
  )
}

/** @param isFormKnown whether the database has the schema that the migration starts from */
export function migrationFailed(
  file: string,
  { name, isFormKnown }: { name: string; isFormKnown: boolean },
  thrown: unknown,
  backups: string[],
): DatabaseError {
  if (isDiskFull(thrown) || isLocked(thrown) || isDamaged(thrown)) return inWords(thrown, file, backups)
  const failed = `The database ${file} could not be updated: ${name} failed (${reasonOf(thrown)}). It stays as it was before that update.`
  const advice = isFormKnown
    ? 'Start the Limerick that wrote it, or report this.'
    : 'It is not in the form that this update starts from: an earlier Limerick may have been stopped in the middle of it, or another program changed it. Put a backup in its place, or move the data folder away to begin with an empty one.'
  return new DatabaseError(`${failed} ${advice}${backupHint(file, backups)}`, { cause: thrown })
}

/** For a lock file: it keeps a second process out of a folder and holds no data. */
export function lockFailed(file: string, thrown: unknown): DatabaseError {
  if (isDamaged(thrown))
    return new DatabaseError(
      `The lock file ${file} is damaged. It holds no data: delete it and start again.`,
      { cause: thrown },
    )
  if (isDiskFull(thrown))
    return new DatabaseError(`The disk is full: ${file} cannot be locked. Free some space and start again.`, {
      cause: thrown,
    })
  return new DatabaseError(`The lock file ${file} cannot be used (${reasonOf(thrown)}).`, { cause: thrown })
}
