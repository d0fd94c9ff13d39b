/** Logits of one token, [vocabulary]. */
export type Logits = Float32Array

/** Two ways to read a token of each row; both leave the cache as they found it but for that token. */
export interface Runs {
  together: () => Promise<Logits[]>
  alone: (row: number) => Promise<Logits>
}

const isSame = (one: Logits, other: Logits): boolean => bytesOf(one).equals(bytesOf(other))
const bytesOf = ({ buffer, byteOffset, byteLength }: Logits): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** Reads one row after the other. */
export async function inTurn(rows: number, { alone }: Pick<Runs, 'alone'>): Promise<Logits[]> {
  const found: Logits[] = []
  for (let row = 0; row < rows; row++) found.push(await alone(row))
  return found
}

/**
 * Decodes rows together where that changes no bit: an answer must not depend on who else is being served. The kernels
 * of ONNX Runtime add up each row in the same order in any company, if its weights are constants of the graph; that was
 * seen on x64 (tests/engine/model/together.test.ts) and is promised nowhere. So the first step of each number of rows
 * is taken both ways, and after a difference every row is read alone.
 */
export function decodeTogether(): (rows: number, runs: Runs) => Promise<Logits[]> {
  /** Numbers of rows that were compared; null after a difference. */
  let proven: Set<number> | null = new Set([1])

  return async (rows, runs) => {
    if (proven?.has(rows)) return runs.together()
    const found = proven && (await runs.together())
    const single = await inTurn(rows, runs)
    if (found && single.every((logits, row) => isSame(logits, found[row] as Logits))) proven?.add(rows)
    else proven = null
    return single
  }
}
