/**
 * Matrices in 8 bits, as ONNX Runtime's MatMulNBits reads them: 32 neighbouring numbers of a row share a float32 scale,
 * and a number is scale · (byte − 128).
 */
import { type Architecture, parameterCount, weightShapes } from './architecture.ts'
import type { Place } from './onnx.ts'
import type { Tensor, Tensors } from './tensors.ts'

export const BITS = 8
export const BLOCK = 32
const ZERO = 128
const MOST = 127

/**
 * Smaller models answer exactly: in float32 they write 50 tokens/s on one core or more. CPU time per token, in ms
 * (one core, random weights as inputs; 135 M: SmolLM2): 5 M 2.2, with 8 bits 1.3; 32 M 13, 3.5; 51 M 21, 8.3; 135 M 50,
 * 20. As constants of the session, float32 takes about half of that.
 */
const QUANTISED_ABOVE = 50e6

/** Whether answers are generated with weights of 8 bits unless a request asks for exact ones. */
export const answersQuantised = (a: Architecture): boolean => parameterCount(a) > QUANTISED_ABOVE

/** Bits per weight in generation. */
export const decodingBits = (a: Architecture, exact: boolean): 8 | 32 =>
  !exact && answersQuantised(a) ? BITS : 32

/** Where a matrix [out, in] lies among the bytes. */
export interface QuantisedMatrix {
  out: number
  in: number
  numbers: Place // [out, block, BLOCK] bytes; the last block of a row may be padded
  scales: Place // [out · block] float32
}

export interface QuantisedWeights {
  bytes: Uint8Array<ArrayBuffer>
  matrices: ReadonlyMap<string, QuantisedMatrix>
  vectors: Tensors
}

const blocksOf = (width: number) => Math.ceil(width / BLOCK)

function layOut(a: Architecture): { matrices: Map<string, QuantisedMatrix>; length: number } {
  const matrices = new Map<string, QuantisedMatrix>()
  let length = 0
  const take = (bytes: number): Place => {
    const place = { offset: length, length: bytes }
    length += bytes
    return place
  }
  for (const [name, [out = 0, width]] of weightShapes(a)) {
    if (width === undefined) continue // norms and biases stay float32
    const blocks = out * blocksOf(width)
    matrices.set(name, { out, in: width, numbers: take(blocks * BLOCK), scales: take(blocks * 4) })
  }
  return { matrices, length }
}

/** One block: scale = max |x| / 127. @returns the scale */
function quantiseBlock(data: Float32Array, start: number, end: number, into: Uint8Array, at: number): number {
  let most = 0
  for (let i = start; i < end; i++) {
    const size = Math.abs(data[i] as number)
    if (size > most) most = size
  }
  const inverse = most === 0 ? 0 : MOST / most
  const shift = ZERO + 0.5 // truncation then rounds to the nearest
  for (let i = start; i < end; i++) into[at + i - start] = ((data[i] as number) * inverse + shift) | 0
  return most / MOST
}

function quantiseMatrix({ data }: Tensor, bytes: Uint8Array<ArrayBuffer>, matrix: QuantisedMatrix): void {
  const blocks = blocksOf(matrix.in)
  const scales = new Float32Array(bytes.buffer, matrix.scales.offset, matrix.out * blocks)
  for (let row = 0; row < matrix.out; row++)
    for (let block = 0; block < blocks; block++) {
      const start = row * matrix.in + block * BLOCK
      const end = Math.min(start + BLOCK, (row + 1) * matrix.in)
      const index = row * blocks + block
      scales[index] = quantiseBlock(data, start, end, bytes, matrix.numbers.offset + index * BLOCK)
    }
}

/** All matrices of a model; its norms and biases stay float32. Keeps no matrix in float32 once it is done. */
export function quantise(a: Architecture, weights: Iterable<[name: string, Tensor]>): QuantisedWeights {
  const { matrices, length } = layOut(a)
  const bytes = new Uint8Array(length).fill(ZERO)
  const vectors: Tensors = new Map()
  for (const [name, tensor] of weights) {
    const matrix = matrices.get(name)
    if (matrix) quantiseMatrix(tensor, bytes, matrix)
    else vectors.set(name, tensor)
  }
  return { bytes, matrices, vectors }
}

/** A copy of one matrix, whose rows are read as float32. @returns a function of row indices: their numbers, [row, in] */
export function quantisedRows({ bytes, matrices }: QuantisedWeights, name: string) {
  const matrix = matrices.get(name) as QuantisedMatrix // every matrix of the architecture is there
  const part = ({ offset, length }: Place) => bytes.slice(offset, offset + length)
  const numbers = part(matrix.numbers)
  const scales = new Float32Array(part(matrix.scales).buffer)
  const width = matrix.in
  const blocks = blocksOf(width)
  return (rows: readonly number[]): Float32Array<ArrayBuffer> => {
    const found = new Float32Array(rows.length * width)
    for (const [index, row] of rows.entries())
      for (let i = 0; i < width; i++) {
        const scale = scales[row * blocks + Math.floor(i / BLOCK)] as number
        found[index * width + i] = scale * ((numbers[row * blocks * BLOCK + i] as number) - ZERO)
      }
    return found
  }
}
