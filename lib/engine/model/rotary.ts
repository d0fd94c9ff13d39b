/** Rotary position embedding (Su et al. 2021): the rotation angle of each dimension pair per position. */

/** Llama 3's context extension (`rope_type` "llama3"). */
interface Llama3Scaling {
  factor: number
  low_freq_factor: number
  high_freq_factor: number
  original_max_position_embeddings: number
}

export interface Rope {
  theta: number
  /** Divisor of the frequencies: `rope_type` "linear". */
  factor: number
  llama3: Llama3Scaling | null
}

/** Stretches long wavelengths, keeps short ones and blends those between. */
function stretched(frequency: number, scaling: Llama3Scaling): number {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings } = scaling
  const turns = (original_max_position_embeddings * frequency) / (2 * Math.PI) // rotations within the original context
  if (turns < low) return frequency / factor
  if (turns > high) return frequency
  const kept = (turns - low) / (high - low)
  return ((1 - kept) * frequency) / factor + kept * frequency
}

/** θ^(−2i/dim) for each dimension pair, with the model's scaling: [dim / 2], in radians per token. */
export function frequencies({ theta, factor, llama3 }: Rope, dim: number): number[] {
  return Array.from({ length: dim / 2 }, (_, pair) => {
    const frequency = 1 / theta ** ((2 * pair) / dim)
    return llama3 ? stretched(frequency, llama3) : frequency / factor
  })
}

export interface RotaryTables {
  cos: Float32Array<ArrayBuffer>
  sin: Float32Array<ArrayBuffer>
  minusSin: Float32Array<ArrayBuffer>
}

/** cos and sin of position · frequency for each position, [position, dim / 2] each. */
export function rotaryTables(rope: Rope, dim: number, positions: readonly number[]): RotaryTables {
  const turns = frequencies(rope, dim)
  const half = turns.length
  const table = (of: (angle: number) => number) =>
    Float32Array.from({ length: positions.length * half }, (_, index) =>
      of((positions[Math.floor(index / half)] as number) * (turns[index % half] as number)),
    )
  return { cos: table(Math.cos), sin: table(Math.sin), minusSin: table((angle) => -Math.sin(angle)) }
}
