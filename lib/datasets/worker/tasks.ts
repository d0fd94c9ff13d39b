import { change, preview } from './bulk-edit.ts'
import { copy } from './copy.ts'
import { createVersion } from './create-version.ts'
import { diff } from './diff.ts'
import { count, facts } from './facts.ts'
import { find } from './find.ts'
import { indexFile } from './index-file.ts'
import { losses } from './losses.ts'
import { purge } from './purge.ts'
import { render } from './render.ts'
import { report } from './report.ts'
import { restore } from './restore.ts'
import { redo, undo } from './undo.ts'
import { judge } from './verdict.ts'

/** The tasks of the worker, by name. */
export const tasks = {
  change,
  copy,
  count,
  diff,
  facts,
  find,
  freeze: createVersion,
  indexFile,
  judge,
  losses,
  preview,
  purge,
  redo,
  render,
  report,
  restore,
  undo,
}
export type Tasks = typeof tasks
