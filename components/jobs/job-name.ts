interface Named {
  number: number
  suffix: string | null
  datasetName?: string | null
}

/** Name of a job: its suffix, else its dataset, else its number. */
export const jobName = ({ number, suffix, datasetName }: Named): string =>
  suffix || datasetName || `#${number}`
