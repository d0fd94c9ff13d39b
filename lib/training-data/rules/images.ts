import { isRecord } from '../is-record.ts'
import { partsOf, usualPart } from './parts.ts'
import { kindOf, type LineRule, type MessageRule, shown } from './rule.ts'

/** OpenAI's limit of images per example. */
export const MAX_IMAGES = 10

export const imagePart: MessageRule = {
  id: 'image-part-unsupported',
  check({ path, messages }, tell, { images }) {
    messages.forEach((message, index) => {
      partsOf(message).forEach((part, at) => {
        const type = isRecord(part) ? part.type : kindOf(part)
        // The rule `content-parts` handles parts without a type, or in another provider's form.
        if (type === 'text' || type === undefined || usualPart(part)) return
        const readable = type === 'image_url' && message.role === 'user'
        const reason = readable ? 'engine' : type === 'image_url' ? 'role' : 'type'
        const values = { reason, type: shown(type), role: shown(message.role ?? '') }
        tell(readable ? images : 'error', [...path, index, 'content', at], values)
      })
    })
  },
}

/** URL of an image; null for other parts. */
function urlOf(part: unknown): string | null {
  if (!isRecord(part) || part.type !== 'image_url' || !isRecord(part.image_url)) return null
  return typeof part.image_url.url === 'string' ? part.image_url.url : null
}

const WEB = /^https?:\/\//i
const DATA = /^data:image\/(?:jpe?g|png|webp);base64,/i

/** Whether a text from `from` on is base64, with padding at the end only. */
function isBase64(text: string, from: number): boolean {
  let end = text.length
  while (end > from && end > text.length - 2 && text[end - 1] === '=') end--
  if (end === from) return false
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
    const other = (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x5f
    if (!letter && !other) return false
  }
  return true
}

/** What is wrong with an image's URL: the key of its sentence. */
function faultOf(url: string): 'address' | 'format' | 'base64' | null {
  if (WEB.test(url)) return null
  const [head] = DATA.exec(url) ?? []
  if (head !== undefined) return isBase64(url, head.length) ? null : 'base64'
  return /^data:/i.test(url) ? 'format' : 'address'
}

export const imageLimits: LineRule = {
  id: 'image-limits',
  check({ conversations }, tell) {
    let count = 0
    for (const { path, messages } of conversations) {
      messages.forEach((message, index) => {
        partsOf(message).forEach((part, at) => {
          const url = urlOf(part)
          if (url === null) return
          const place = [...path, index, 'content', at]
          const fault = faultOf(url)
          if (fault) tell('error', [...place, 'image_url', 'url'], { reason: fault, start: shown(url) })
          if (++count === MAX_IMAGES + 1) tell('error', place, { reason: 'count', limit: MAX_IMAGES })
        })
      })
    }
  },
}
