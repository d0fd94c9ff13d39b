/**
 * Matrices in 8 bits, as ONNX Runtime's MatMulNBits reads them: 32 neighbouring numbers of a row share a float32 scale,
 * and a number is scale · (byte − 128).
 */
import { type Architecture, parameterCount, productOf, weightShapes } from './architecture.ts'
import type { Place } from './onnx.ts'
import { putFloats } from './stored-floats.ts'
import { elements, type Tensor } from './tensors.ts'

export const BITS = 8
/** With 64, answers of SmolLM2-135M come a tenth faster, and lose twice as much: a divergence of 0.0097 nats. */
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

/** Where a matrix [out, in] lies among the bytes, or the matrices of a product, one below the other. */
export interface QuantisedMatrix {
  out: number
  in: number
  numbers: Place // [out, block, BLOCK] bytes; the last block of a row may be padded
  scales: Place // [out · block] float32
}

/** Where the weights of a model lie among the bytes; its norms and biases stay float32. */
export interface QuantisedPlaces {
  /** By `productOf` their names. */
  matrices: ReadonlyMap<string, QuantisedMatrix>
  vectors: ReadonlyMap<string, Place>
  /** How many rows of its product lie above a matrix. */
  above: ReadonlyMap<string, number>
}

export interface QuantisedWeights extends QuantisedPlaces {
  bytes: Uint8Array<ArrayBuffer>
}

const blocksOf = (width: number) => Math.ceil(width / BLOCK)

function layOut(a: Architecture): QuantisedPlaces & { length: number } {
  const above = new Map<string, number>()
  const sizes = new Map<string, { out: number; in: number }>()
  const vectors = new Map<string, Place>()
  let length = 0
  const take = (bytes: number): Place => {
    const place = { offset: length, length: bytes }
    length += bytes
    return place
  }
  for (const [name, shape] of weightShapes(a)) {
    const [out = 0, width] = shape
    if (width === undefined) {
      vectors.set(name, take(elements(shape) * 4))
      continue
    }
    const rows = sizes.get(productOf(name))?.out ?? 0
    above.set(name, rows)
    sizes.set(productOf(name), { out: rows + out, in: width })
  }
  const matrices = new Map(
    Array.from(sizes, ([product, size]): [string, QuantisedMatrix] => {
      const blocks = size.out * blocksOf(size.in)
      return [product, { ...size, numbers: take(blocks * BLOCK), scales: take(blocks * 4) }]
    }),
  )
  return { matrices, vectors, above, length }
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

/** @param above rows of `matrix` before those of the tensor [out, in] */
function quantiseRows(
  { data, shape: [out = 0] }: Tensor,
  bytes: Uint8Array<ArrayBuffer>,
  matrix: QuantisedMatrix,
  above: number,
): void {
  const blocks = blocksOf(matrix.in)
  const scales = new Float32Array(bytes.buffer, matrix.scales.offset, matrix.out * blocks)
  for (let row = 0; row < out; row++)
    for (let block = 0; block < blocks; block++) {
      const start = row * matrix.in + block * BLOCK
      const end = Math.min(start + BLOCK, (row + 1) * matrix.in)
      const index = (above + row) * blocks + block
      scales[index] = quantiseBlock(data, start, end, bytes, matrix.numbers.offset + index * BLOCK)
    }
}

/** All weights of a model. Keeps no matrix in float32 once it is done. */
export function quantise(a: Architecture, weights: Iterable<[name: string, Tensor]>): QuantisedWeights {
  const { length, ...places } = layOut(a)
  const { matrices, vectors, above } = places
  const bytes = new Uint8Array(length).fill(ZERO)
  for (const [name, tensor] of weights) {
    const vector = vectors.get(name)
    const matrix = matrices.get(productOf(name)) as QuantisedMatrix // every weight is one or the other
    if (vector) putFloats(bytes, vector, tensor)
    else quantiseRows(tensor, bytes, matrix, above.get(name) ?? 0)
  }
  return { bytes, ...places }
}

/** A copy of one matrix [out, in], whose rows are read as float32. @returns a function of row indices: [row, in] */
export function quantisedRows({ bytes, matrices, above }: QuantisedWeights, name: string, out: number) {
  const matrix = matrices.get(productOf(name)) as QuantisedMatrix // every matrix of the architecture is there
  const width = matrix.in
  const blocks = blocksOf(width)
  const part = ({ offset }: Place, bytesOfRow: number) => {
    const start = offset + (above.get(name) ?? 0) * bytesOfRow
    return bytes.slice(start, start + out * bytesOfRow)
  }
  const numbers = part(matrix.numbers, blocks * BLOCK)
  const scales = new Float32Array(part(matrix.scales, blocks * 4).buffer)
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
