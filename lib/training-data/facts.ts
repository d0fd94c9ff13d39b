import { type ExampleTokens, exampleTokens } from '#lib/tokens/chat.ts'
import { type CheckOptions, judge, type Verdict } from './check.ts'
import { Flag, flagsOf } from './flags.ts'
import { Fingerprint, fingerprint } from './hash.ts'
import type { LineIssue } from './issue.ts'
import type { TextLine } from './jsonl.ts'
import { languageOf } from './language.ts'
import { minhashOf } from './minhash.ts'
import { openLine } from './rules/opening.ts'
import {
  isAssistant,
  isInstruction,
  type LooseLine,
  type LooseMessage,
  type LooseObject,
} from './rules/rule.ts'
import { type LineKind, type Role, type TrainingLine, textOf } from './schema.ts'
import { Words } from './words.ts'

/** Raise it when the facts of an unchanged line would change; older stored facts are then recomputed. */
export const RULES_VERSION = 4

/** All that filters, counts and comparisons need of a line. Hashes have 53 bits. */
export interface LineFacts {
  kind: LineKind
  issues: LineIssue[]
  /** 0 while the line has an error. */
  tokens: number
  trained: number
  flags: number
  /** ISO 639-1 code of the answer's language, null when unsure. */
  language: string | null
  /** Of the trimmed text; 0 for a blank line. */
  lineHash: number
  /** Of everything before the last answer, without system messages. */
  promptHash: number | null
  /** Of the last answer, or of both answers of a preference pair. */
  answerHash: number | null
  systemHash: number | null
  /** Min-hash, 16 bytes; then 4 bytes of hash of the answer's opening. null when the text is too short to compare. */
  sketch: Uint8Array | null
}

/** The parts of a line that are compared. */
interface Parts {
  system: readonly LooseMessage[]
  prompt: readonly LooseMessage[]
  answer: readonly LooseMessage[]
}

/** Index of the last trained answer; if none is trained, of the last answer. */
function answerIndex(messages: readonly LooseMessage[]): number {
  const trained = messages.findLastIndex((message) => isAssistant(message) && message.weight !== 0)
  return trained < 0 ? messages.findLastIndex(isAssistant) : trained
}

function partsOf({ kind, conversations }: LooseLine): Parts {
  const messages = conversations[0]?.messages ?? []
  const end = kind === 'chat' ? answerIndex(messages) : messages.length
  const prompt = messages.slice(0, end).filter((message) => !isInstruction(message))
  const answer =
    kind === 'chat' ? messages.slice(end, end + 1) : conversations.slice(1).flatMap((one) => one.messages)
  return { system: messages.filter(isInstruction), prompt, answer }
}

const contentOf = ({ content }: LooseMessage): string =>
  typeof content === 'string' ? content : textOf(content as Parameters<typeof textOf>[0])

/** The content of a message as one text, images and calls included. */
function messageText(message: LooseMessage): string {
  const { content, tool_calls, function_call, refusal } = message
  if (typeof content === 'string' && !tool_calls && !function_call && !refusal) return content
  return JSON.stringify([content, tool_calls, function_call, refusal])
}

const words = new Words()

type Comparable = Pick<LineFacts, 'language' | 'promptHash' | 'answerHash' | 'systemHash' | 'sketch'>

const nothing: Comparable = {
  language: null,
  promptHash: null,
  answerHash: null,
  systemHash: null,
  sketch: null,
}

/** Hashes a message and adds its words: both use the same UTF-8 bytes. */
function readMessage(message: LooseMessage, print: Fingerprint): void {
  print.add(messageText(message))
  words.add(contentOf(message))
}

function comparable(line: LooseLine): Comparable {
  const { system, prompt, answer } = partsOf(line)
  const [systemPrint, promptPrint, answerPrint] = [new Fingerprint(), new Fingerprint(), new Fingerprint()]
  for (const message of system) systemPrint.add(messageText(message))
  words.clear()
  for (const message of prompt) readMessage(message, promptPrint.addNumber(Flag[message.role as Role]))
  const answerFrom = words.count
  for (const message of answer) readMessage(message, answerPrint)
  const [first] = answer
  return {
    language: first ? languageOf(contentOf(first), words, answerFrom) : null,
    promptHash: prompt.length > 0 ? promptPrint.value : null,
    answerHash: answer.length > 0 ? answerPrint.value : null,
    systemHash: system.length > 0 ? systemPrint.value : null,
    sketch: minhashOf(words, first ? openingOf(contentOf(first), answerFrom) : 0),
  }
}

/** First words of an answer that are compared. */
const OPENING_WORDS = 4

/** 32-bit hash of an answer's opening; 0 if it looks like JSON or markup, or has too few words. */
function openingOf(text: string, from: number): number {
  if (words.count - from <= OPENING_WORDS || '{[<'.includes(text.trimStart()[0] ?? '')) return 0
  let hash = 0
  for (let word = from; word < from + OPENING_WORDS; word++)
    hash = Math.imul(hash ^ (words.hashes[word] as number), 0x01000193)
  return hash >>> 0
}

/** The text of a line's answer; empty if it has none. */
export function answerIn(text: string): string {
  const opened = openLine(JSON.parse(text) as LooseObject)
  const [first] = 'rule' in opened ? [] : partsOf(opened).answer
  return first ? contentOf(first) : ''
}

const none: Pick<ExampleTokens, 'total' | 'trained'> = { total: 0, trained: 0 }

/**
 * The facts of a checked line.
 * @param tokensOf called for lines without an error only
 */
export function factsOf(
  line: TextLine,
  verdict: Verdict,
  tokensOf: (value: TrainingLine) => Pick<ExampleTokens, 'total' | 'trained'>,
  quality = true,
): LineFacts {
  const { kind, line: opened, sound, issues } = verdict
  const value = (sound ? opened?.value : null) as TrainingLine | null
  const { total, trained } = value ? tokensOf(value) : none
  const words = kind === 'blank' || line.text === null || !quality ? null : line.text.trim()
  return {
    kind,
    issues,
    tokens: total,
    trained,
    flags: flagsOf(line, verdict.line, verdict),
    lineHash: words === null ? 0 : fingerprint(words),
    ...(opened && sound && quality ? comparable(opened) : nothing),
  }
}

/**
 * Checks a line and reads its facts.
 * @param count tokens of a text
 */
export function readFacts(
  line: TextLine,
  count: (text: string) => number,
  options: CheckOptions = {},
): LineFacts {
  const tokensOf = (value: TrainingLine) => exampleTokens(value, count)
  return factsOf(line, judge(line, options), tokensOf, options.quality ?? true)
}
