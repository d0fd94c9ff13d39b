/**
 * A minimal ONNX protobuf encoder. Field numbers are those of onnx.proto3
 * (github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */

export type DType = 'float' | 'int64' | 'int32' | 'uint8'

/** A dimension is a size, or a name whose size is known only when the model runs. */
export type Dimension = number | string

export interface ValueInfo {
  name: string
  dtype: DType
  shape: readonly Dimension[]
}

/** Numbers become ONNX integers unless they are wrapped in `{ float }`. */
export type Attribute = number | number[] | string | { float: number }

export interface Node {
  op: string
  inputs: string[]
  outputs: string[]
  attributes: Record<string, Attribute>
  domain: string
}

export interface Constant {
  name: string
  dtype: DType
  shape: readonly number[]
  /** Its bytes, or where they lie in the session's file of weights. */
  data: Uint8Array | Place
}

/** A range of bytes. */
export interface Place {
  offset: number
  length: number
}

/** Name by which a model refers to the bytes of its weights, which a session receives beside it. */
export const WEIGHTS_FILE = 'weights'

export interface OnnxGraph {
  nodes: Node[]
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  constants: Constant[]
}

type Bytes = Uint8Array

const IR_VERSION = 8
const OPSET = 17
const typeCode: Record<DType, number> = { float: 1, uint8: 2, int32: 6, int64: 7 }
const utf8 = new TextEncoder()

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

const int = (field: number, value: number): Bytes =>
  Uint8Array.from([...varint(field << 3), ...varint(value)])

const bytes = (field: number, body: Bytes): Bytes =>
  Buffer.concat([Uint8Array.from([...varint((field << 3) | 2), ...varint(body.length)]), body])

const text = (field: number, value: string): Bytes => bytes(field, utf8.encode(value))

const message = (field: number, ...parts: Bytes[]): Bytes => bytes(field, Buffer.concat(parts))

function float(field: number, value: number): Bytes {
  const out = Buffer.alloc(5)
  out[0] = (field << 3) | 5
  out.writeFloatLE(value, 1)
  return out
}

/** AttributeProto: f = 2 (type FLOAT = 1), i = 3 (INT = 2), s = 4 (STRING = 3), ints = 8 (INTS = 7). */
function attribute([name, value]: [string, Attribute]): Bytes {
  if (typeof value === 'number') return message(5, text(1, name), int(3, value), int(20, 2))
  if (typeof value === 'string') return message(5, text(1, name), text(4, value), int(20, 3))
  if (Array.isArray(value)) return message(5, text(1, name), ...value.map((item) => int(8, item)), int(20, 7))
  return message(5, text(1, name), float(2, value.float), int(20, 1))
}

const node = ({ op, inputs, outputs, attributes, domain }: Node): Bytes =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(attribute),
    text(7, domain),
  )

const entry = (key: string, value: string | number): Bytes => message(13, text(1, key), text(2, `${value}`))

/** TensorProto: raw_data = 9, external_data = 13, data_location = 14 (EXTERNAL = 1). */
const content = (data: Constant['data']): Bytes[] =>
  data instanceof Uint8Array
    ? [bytes(9, data)]
    : [
        entry('location', WEIGHTS_FILE),
        ...Object.entries(data).map(([key, value]) => entry(key, value)),
        int(14, 1),
      ]

const constant = ({ name, dtype, shape, data }: Constant): Bytes =>
  message(5, ...shape.map((size) => int(1, size)), int(2, typeCode[dtype]), text(8, name), ...content(data))

const dimension = (size: Dimension): Bytes =>
  message(1, typeof size === 'number' ? int(1, size) : text(2, size))

const valueInfo = (field: number, { name, dtype, shape }: ValueInfo): Bytes =>
  message(
    field,
    text(1, name),
    message(2, message(1, int(1, typeCode[dtype]), message(2, ...shape.map(dimension)))),
  )

const opset = (domain: string, version: number): Bytes => message(8, text(1, domain), int(2, version))

/** A ModelProto for an inference session. */
export function encodeModel({ nodes, inputs, outputs, constants }: OnnxGraph): Uint8Array {
  const graph = message(
    7,
    ...nodes.map(node),
    text(2, 'limerick'),
    ...constants.map(constant),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  )
  return Buffer.concat([int(1, IR_VERSION), graph, opset('', OPSET), opset('com.microsoft', 1)])
}
