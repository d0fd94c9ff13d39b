const MEGABYTE = 1024 * 1024

/** Time limit for tokenizing this many characters, in ms. Tokenizers take linear time unless a pattern is malicious. */
export const timeToRead = (characters: number, patience: number): number =>
  patience * (1 + Math.floor(characters / MEGABYTE))

/** Why a model is disabled, for callers and the log. */
export const tooSlow = (ms: number): string =>
  `its tokenizer or chat template did not come to an end within ${ms / 1000} s`

/** The error for a text that the shipped model cannot tokenize in time. */
export const tooLong = (ms: number): string =>
  `The text could not be read within ${ms / 1000} s: it is too long.`
