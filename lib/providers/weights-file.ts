/** Begins the id of a file that stands for a job's weights, at a provider that has no file of them. */
export const WEIGHTS = 'weights-'
