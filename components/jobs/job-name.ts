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
