import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { checkTemplate } from './chat-template.ts'
import { reasons } from './reasons.ts'

/** A byte-level BPE tokenizer with ChatML's two markers. Ids are numbers in [0, vocabulary). */
export interface Tokenizer {
  /** Text → ids. Never yields a special token, whatever the text looks like. */
  encode(text: string): number[]
  /** The bytes a token stands for; several tokens may share one character. */
  bytes(id: number): Uint8Array
  isSpecial(id: number): boolean
  /** `<|im_start|>` */
  start: number
  /** `<|im_end|>` */
  end: number
}

const TokenizerFile = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string(), special: z.boolean() })),
  decoder: z.looseObject({ type: z.literal('ByteLevel', 'only byte-level tokenizers are known') }),
})
const TokenizerConfig = z.looseObject({ chat_template: z.string() })

/**
 * Reads `tokenizer.json` and `tokenizer_config.json` of a model folder.
 * @throws AppError `invalid` for a tokenizer that is not byte-level, lacks ChatML's markers, or has another chat template
 */
export function readTokenizer(folder: string): Tokenizer {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'))
  return createTokenizer(read('tokenizer.json'), read('tokenizer_config.json'))
}

function createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Tokenizer {
  const file = TokenizerFile.safeParse(tokenizerJson)
  const config = TokenizerConfig.safeParse(tokenizerConfig)
  if (!file.success)
    throw new AppError('invalid', { message: `This tokenizer.json cannot be used: ${reasons(file.error)}` })
  if (!config.success)
    throw new AppError('invalid', {
      message: `This tokenizer_config.json cannot be used: ${reasons(config.error)}`,
    })
  checkTemplate(config.data.chat_template)

  // The library turns "<|im_end|>" inside a text into the special token. Without added tokens it cannot.
  const plain = new HubTokenizer({ ...file.data, added_tokens: [] }, config.data)
  const special = new Map(file.data.added_tokens.map(({ id, content }) => [id, content]))
  const marker = (content: string): number => {
    for (const [id, text] of special) if (text === content) return id
    throw new AppError('invalid', { message: `This tokenizer has no ${content} token.` })
  }
  return {
    encode: (text) => plain.encode(text, { add_special_tokens: false }).ids,
    bytes: (id) => {
      const text = special.get(id)
      return text === undefined ? byteLevel(plain.id_to_token(id) ?? '') : new TextEncoder().encode(text)
    },
    isSpecial: (id) => special.has(id),
    start: marker('<|im_start|>'),
    end: marker('<|im_end|>'),
  }
}

/**
 * GPT-2's printable stand-in of each byte: printable Latin-1 stands for itself, the other 68 bytes for U+0100 and on.
 * Source: openai/gpt-2, src/encoder.py, `bytes_to_unicode`.
 */
const byteOf = new Map<string, number>()
{
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  for (let byte = 0; byte < 256; byte++)
    byteOf.set(String.fromCharCode(printable(byte) ? byte : next++), byte)
}

const byteLevel = (token: string): Uint8Array =>
  Uint8Array.from(token, (letter) => byteOf.get(letter) ?? 0x3f)
