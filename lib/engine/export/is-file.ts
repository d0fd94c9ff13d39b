import { statSync } from 'node:fs'

/** Whether there is a regular file: a folder cannot be copied, and reading a pipe could block forever. */
export const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
