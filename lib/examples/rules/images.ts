import { isRecord, kindOf, type LineRule, type LooseMessage, type MessageRule, shown } from './rule.ts'

/** Pictures that OpenAI takes in one example. */
export const MAX_IMAGES = 10

const partsOf = ({ content }: LooseMessage): readonly unknown[] => (Array.isArray(content) ? content : [])

export const imagePart: MessageRule = {
  id: 'image-part-unsupported',
  check({ path, messages }, tell, { images }) {
    messages.forEach((message, index) => {
      partsOf(message).forEach((part, at) => {
        const type = isRecord(part) ? part.type : undefined
        if (type === 'text' || (isRecord(part) && type === undefined)) return
        const readable = type === 'image_url' && message.role === 'user'
        const values = { type: shown(type ?? kindOf(part)) }
        tell(readable ? images : 'error', [...path, index, 'content', at], values)
      })
    })
  },
}

/** Address of a picture, or null when the part is none. */
function addressOf(part: unknown): string | null {
  if (!isRecord(part) || part.type !== 'image_url' || !isRecord(part.image_url)) return null
  return typeof part.image_url.url === 'string' ? part.image_url.url : null
}

export const imageLimits: LineRule = {
  id: 'image-limits',
  check({ conversations }, tell) {
    let count = 0
    for (const { path, messages } of conversations) {
      messages.forEach((message, index) => {
        partsOf(message).forEach((part, at) => {
          const url = addressOf(part)
          if (url === null) return
          const place = [...path, index, 'content', at]
          if (!/^(https?:\/\/|data:image\/(jpe?g|png|webp)[;,])/i.test(url))
            tell('error', [...place, 'image_url', 'url'], { reason: 'address' })
          if (++count === MAX_IMAGES + 1) tell('error', place, { reason: 'count', limit: MAX_IMAGES })
        })
      })
    }
  },
}
