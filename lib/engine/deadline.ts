const MEGABYTE = 1024 * 1024

/** ms that a tokenizer may take over so many characters: it reads in linear time, unless it is made not to. */
export const timeToRead = (characters: number, patience: number): number =>
  patience * (1 + Math.floor(characters / MEGABYTE))

/** Why a model is not used any more, for its callers and the log. */
export const tooSlow = (ms: number): string =>
  `its tokenizer or chat template did not come to an end within ${ms / 1000} s`

/** For a text that the model which comes with us is not done with. */
export const tooLong = (ms: number): string =>
  `The text could not be read within ${ms / 1000} s: it is too long.`
