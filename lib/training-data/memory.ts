/** What a training process needs at most: `fixed + perToken · T + perTokenSquared · T²` bytes, T the longest row in tokens. */
export interface TrainingMemory {
  fixed: number
  perToken: number
  perTokenSquared: number
}

/** Advised lengths are multiples of this many tokens. */
const STEP = 32

/** @param tokens of the longest row */
export const bytesFor = ({ fixed, perToken, perTokenSquared }: TrainingMemory, tokens: number): number =>
  fixed + perToken * tokens + perTokenSquared * tokens ** 2

/** The longest row in tokens that fits into `free` bytes, rounded down to a multiple of 32; 0 if none does. */
export function longestFitting({ fixed, perToken, perTokenSquared }: TrainingMemory, free: number): number {
  const room = free - fixed
  if (room <= 0) return 0
  // Either term may be 0, so the root is written without a division by the square's.
  const tokens = (2 * room) / (perToken + Math.sqrt(perToken ** 2 + 4 * perTokenSquared * room))
  return Math.floor(tokens / STEP) * STEP
}
