import { isRecord } from '../is-record.ts'
import type { LooseMessage, LooseObject, MessageRule } from './rule.ts'

const data = (type: unknown, base64: unknown): string | null =>
  typeof type === 'string' && typeof base64 === 'string' ? `data:${type};base64,${base64}` : null

/** The URL of an image part in another provider's form. */
function urlOf(part: LooseObject): string | null {
  const { type, image_url, source, image } = part
  if ((type === 'image_url' || type === 'input_image') && typeof image_url === 'string') return image_url
  if (type === 'image' && isRecord(source)) {
    if (typeof source.url === 'string') return source.url
    return data(source.media_type, source.data)
  }
  if (type === undefined && isRecord(image) && isRecord(image.source))
    return typeof image.format === 'string' ? data(`image/${image.format}`, image.source.bytes) : null
  return type === 'image' && typeof image === 'string' ? image : null
}

/** A part of another provider's form in OpenAI's; null for other parts. */
export function usualPart(part: unknown): LooseObject | null {
  if (!isRecord(part)) return typeof part === 'string' ? { type: 'text', text: part } : null
  const { type, text } = part
  const foreign = type === undefined || type === 'input_text' || type === 'output_text'
  if (foreign && typeof text === 'string') return { type: 'text', text }
  const url = urlOf(part)
  return url === null ? null : { type: 'image_url', image_url: { url } }
}

const NOTHING: readonly never[] = []
export const partsOf = ({ content }: LooseMessage): readonly unknown[] =>
  Array.isArray(content) ? content : NOTHING

/** Parts in another provider's form, which can be converted without loss. */
export const contentParts: MessageRule = {
  id: 'content-parts',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      partsOf(message).forEach((part, at) => {
        const usual = usualPart(part)
        if (usual) tell('error', [...path, index, 'content', at], { what: String(usual.type), fix: 'fix' })
      })
    })
  },
}
