/** Whether an error, or its cause, says that this process or the system can open no more files. */
export function isOutOfFiles(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const { code } = thrown as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE' || isOutOfFiles(thrown.cause)
}
