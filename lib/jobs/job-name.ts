interface Named {
  number: number
  /** Given by the user. */
  name?: string | null
  suffix: string | null
  datasetName?: string | null
}

/** Name of a job: the one it was given, else its suffix, else its dataset, else its number. */
export const jobName = ({ number, name, suffix, datasetName }: Named): string =>
  name || suffix || datasetName || `#${number}`

/** What files cannot have in their names somewhere. */
const UNSAFE = /[\p{Cc}\\/:*?"<>|#%\s]+/gu

/** Beginning of the names of files about jobs: `my-poems-job-3`, of several `jobs-3-4`. */
export function filesOf(jobs: readonly Named[]): string {
  const [only, ...others] = jobs
  if (!only || others.length > 0) return `jobs-${jobs.map(({ number }) => number).join('-')}`
  const name = jobName(only)
    .replace(UNSAFE, '-')
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, '')
  return name && name !== String(only.number) ? `${name}-job-${only.number}` : `job-${only.number}`
}
