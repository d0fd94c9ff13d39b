import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { type ChatTemplate, parseTemplate } from './chat-template.ts'
import { reasons } from './reasons.ts'

/** A BPE tokenizer, byte-level or with byte fallback. Ids are numbers in [0, vocabulary). */
export interface Tokenizer {
  /** Text → ids. Never produces a special token, whatever the text contains. */
  encode(text: string): number[]
  /** Rendered template → ids: special tokens are recognised except inside `protect`ed text. */
  encodeRendered(rendered: string): number[]
  /** Marks special tokens spelled in a text, so that they stay text after rendering. */
  protect(text: string): string
  /** The bytes of a token; several tokens may share one character. */
  bytes(id: number): Uint8Array
  isSpecial(id: number): boolean
  /** Ids of all special tokens. */
  specials: readonly number[]
  /** Whether text can be split and tokenised in pieces: no space is added before a piece. */
  cuttable: boolean
  template: ChatTemplate
}

const AddedToken = z.looseObject({ id: z.number().int(), content: z.string().min(1), special: z.boolean() })
const TokenizerFile = z.looseObject({
  added_tokens: z.array(AddedToken),
  model: z.looseObject({
    type: z.literal('BPE', 'only BPE tokenizers are known'),
    byte_fallback: z.boolean().nullish(),
  }),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  decoder: z.looseObject({ type: z.string() }),
})
type TokenizerFile = z.infer<typeof TokenizerFile>

const SpecialToken = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform(({ content }) => content),
])
const NamedTemplate = z.object({ name: z.string(), template: z.string() })
const TokenizerConfig = z.looseObject({
  chat_template: z.union([z.string(), z.array(NamedTemplate)]).nullish(),
  bos_token: SpecialToken.nullish(),
  eos_token: SpecialToken.nullish(),
  unk_token: SpecialToken.nullish(),
  pad_token: SpecialToken.nullish(),
})
type TokenizerConfig = z.infer<typeof TokenizerConfig>

export const CHAT_TEMPLATE = 'chat_template.jinja'

const readConfig = (folder: string): TokenizerConfig => parseConfig(readJson(folder, 'tokenizer_config.json'))

function parseConfig(json: unknown): TokenizerConfig {
  const config = TokenizerConfig.safeParse(json)
  if (config.success) return config.data
  throw new AppError('invalid', {
    message: `This tokenizer_config.json cannot be used: ${reasons(config.error)}`,
  })
}

const readJson = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(path.join(folder, file), 'utf8'))

/**
 * Reads `tokenizer.json`, `tokenizer_config.json` and the chat template of a model folder.
 * @throws AppError `invalid` for a tokenizer that is not byte-level and has no byte fallback, or without a template
 */
export function readTokenizer(folder: string): Tokenizer {
  const file = TokenizerFile.safeParse(readJson(folder, 'tokenizer.json'))
  if (!file.success)
    throw new AppError('invalid', { message: `This tokenizer.json cannot be used: ${reasons(file.error)}` })
  const config = readConfig(folder)
  return createTokenizer(file.data, config, parseTemplate(templateIn(folder, config), specialsOf(config)))
}

/**
 * The Jinja source of a model folder's chat template.
 * @throws AppError `invalid` if there is none
 */
export const readTemplate = (folder: string): string => templateIn(folder, readConfig(folder))

/**
 * @param json `tokenizer_config.json`
 * @throws AppError `invalid` if it holds no chat template
 */
export const expectTemplate = (json: unknown): void => void found(inConfig(parseConfig(json)))

const inConfig = ({ chat_template }: TokenizerConfig): string | null | undefined =>
  Array.isArray(chat_template)
    ? chat_template.find(({ name }) => name === 'default')?.template
    : chat_template

/** Newer folders store the template in a separate file, which takes precedence. */
function templateIn(folder: string, config: TokenizerConfig): string {
  const file = path.join(folder, CHAT_TEMPLATE)
  return found(existsSync(file) ? readFileSync(file, 'utf8') : inConfig(config))
}

function found(source: string | null | undefined): string {
  if (source) return source
  throw new AppError('invalid', {
    message: 'This model has no chat template: it was not made to answer conversations.',
  })
}

/** A missing special token is an empty string in the template. */
const specialsOf = ({ bos_token, eos_token, unk_token, pad_token }: TokenizerConfig) => ({
  bos_token: bos_token ?? '',
  eos_token: eos_token ?? '',
  unk_token: unk_token ?? '',
  pad_token: pad_token ?? '',
})

/** Inserted after the first letter of a special token that is meant as text. A private-use code point. */
const GUARD = '\u{10fffd}'

/** The library's tokenizer, adapted to read guarded special tokens as text: it matches special tokens first. */
function guardedTokenizer(file: TokenizerFile, config: TokenizerConfig): HubTokenizer {
  const removal = { type: 'Replace', pattern: { String: GUARD }, content: '' }
  const pretokenizers = file.pre_tokenizer ? [removal, file.pre_tokenizer] : [removal]
  const added_tokens = file.added_tokens.map((token) =>
    token.special ? { ...token, normalized: false } : token,
  )
  return new HubTokenizer(
    { ...file, added_tokens, pre_tokenizer: { type: 'Sequence', pretokenizers } },
    config,
  )
}

/** Templates look for these in what a message says. */
const THOUGHTS = new Set(['<think>', '</think>'])

/** Guards every special token in a text; a guard may end one token and start another, as in `<<s>s>`. */
function protector(specials: Iterable<string>) {
  const longestFirst = [...specials].toSorted((a, b) => b.length - a.length)
  const guarded = longestFirst.map((token) => {
    const [first = ''] = token
    return [token, `${first}${GUARD}${token.slice(first.length)}`] as const
  })
  const once = (text: string) =>
    guarded.reduce((result, [token, safe]) => result.replaceAll(token, safe), text)
  return (text: string): string => once(once(text.replaceAll(GUARD, '')))
}

function createTokenizer(file: TokenizerFile, config: TokenizerConfig, template: ChatTemplate): Tokenizer {
  const byteLevel = file.decoder.type === 'ByteLevel'
  if (!byteLevel && !file.model.byte_fallback)
    throw new AppError('invalid', {
      message:
        'This tokenizer.json cannot be used: only byte-level BPE, and BPE with byte fallback, are known',
    })
  const hub = guardedTokenizer(file, config)
  const specials = new Map(
    file.added_tokens.filter(({ special }) => special).map(({ id, content }) => [id, content]),
  )
  const added = new Map(file.added_tokens.map(({ id, content }) => [id, content]))
  const protect = protector([...specials.values()].filter((token) => !THOUGHTS.has(token)))
  const encodeRendered = (rendered: string) => hub.encode(rendered, { add_special_tokens: false }).ids
  const pieceBytes = byteLevel ? byteLevelBytes : fallbackBytes
  return {
    encode: (text) => encodeRendered(protect(text)),
    encodeRendered,
    protect,
    bytes: (id) => {
      const text = added.get(id)
      return text === undefined ? pieceBytes(hub.id_to_token(id) ?? '') : new TextEncoder().encode(text)
    },
    isSpecial: (id) => specials.has(id),
    specials: [...specials.keys()],
    cuttable: byteLevel,
    template,
  }
}

/**
 * GPT-2's printable character for each byte: printable Latin-1 maps to itself, the other 68 bytes to U+0100 and up.
 * Source: openai/gpt-2, src/encoder.py, `bytes_to_unicode`.
 */
const byteOf = new Map<string, number>()
{
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  for (let byte = 0; byte < 256; byte++)
    byteOf.set(String.fromCharCode(printable(byte) ? byte : next++), byte)
}

const byteLevelBytes = (token: string): Uint8Array =>
  Uint8Array.from(token, (letter) => byteOf.get(letter) ?? 0x3f)

/** `<0x0A>` is a byte, `▁` a space (google/sentencepiece). */
function fallbackBytes(token: string): Uint8Array {
  const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? []
  return byte
    ? Uint8Array.of(Number.parseInt(byte, 16))
    : new TextEncoder().encode(token.replaceAll('▁', ' '))
}
