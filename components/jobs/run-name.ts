interface Named {
  number: number
  suffix: string | null
  datasetName?: string | null
}

/** What a run is called: the suffix a person gave, else its data, else its number. */
export const runName = ({ number, suffix, datasetName }: Named): string =>
  suffix || datasetName || `#${number}`
