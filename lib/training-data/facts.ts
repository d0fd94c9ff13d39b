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
import { type Role, type TrainingLine, textOf } from './schema.ts'
import { Words } from './words.ts'

/** Grows whenever the facts of an unchanged line would come out otherwise; older facts are read anew. */
export const RULES_VERSION = 4

/** What a line is, as far as its text tells; `open` ends before its JSON does. */
export type LineKind = 'chat' | 'preference' | 'blank' | 'broken' | 'open'

/** Everything that is ever asked of a line, read once. Hashes have 53 bits. */
export interface LineFacts {
  kind: LineKind
  issues: LineIssue[]
  /** 0 while the line has an error. */
  tokens: number
  trained: number
  flags: number
  /** ISO 639-1 of the answer, null when unsure. */
  language: string | null
  /** Of the text without the space around it; 0 for a line without words. */
  lineHash: number
  /** Of everything before the last answer but the instructions. */
  promptHash: number | null
  /** Of the last answer; of both answers of a preference pair. */
  answerHash: number | null
  systemHash: number | null
  /** 16 bytes, one of each minimum; then 4 of how the answer begins. null when the text is too short to compare. */
  sketch: Uint8Array | null
}

/** A line in the parts that are compared. */
interface Parts {
  system: readonly LooseMessage[]
  prompt: readonly LooseMessage[]
  answer: readonly LooseMessage[]
}

/** The last answer that is learnt; where none is, the last one. */
function answerIndex(messages: readonly LooseMessage[]): number {
  const learnt = messages.findLastIndex((message) => isAssistant(message) && message.weight !== 0)
  return learnt < 0 ? messages.findLastIndex(isAssistant) : learnt
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

/** What a message says, in one text: pictures and calls included. */
function saidBy(message: LooseMessage): string {
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

/** Hashes a message and reads its words while its bytes are at hand. */
function readMessage(message: LooseMessage, print: Fingerprint): void {
  print.add(saidBy(message))
  words.add(contentOf(message))
}

function comparable(line: LooseLine): Comparable {
  const { system, prompt, answer } = partsOf(line)
  const [systemPrint, promptPrint, answerPrint] = [new Fingerprint(), new Fingerprint(), new Fingerprint()]
  for (const message of system) systemPrint.add(saidBy(message))
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

/** Words by which two answers are said to begin alike. */
const OPENING_WORDS = 4

/** How an answer begins, as a number of 32 bits; 0 for one that is a value of JSON, or has too few words. */
function openingOf(text: string, from: number): number {
  if (words.count - from <= OPENING_WORDS || '{[<'.includes(text.trimStart()[0] ?? '')) return 0
  let hash = 0
  for (let word = from; word < from + OPENING_WORDS; word++)
    hash = Math.imul(hash ^ (words.hashes[word] as number), 0x01000193)
  return hash >>> 0
}

/** The words of a line's answer; empty for a line that has none. */
export function answerIn(text: string): string {
  const opened = openLine(JSON.parse(text) as LooseObject)
  const [first] = 'rule' in opened ? [] : partsOf(opened).answer
  return first ? contentOf(first) : ''
}

const none: Pick<ExampleTokens, 'total' | 'trained'> = { total: 0, trained: 0 }

/**
 * The facts behind a verdict.
 * @param tokensOf asked for lines without an error only
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
 * Reads a line once: its problems, and what comparing it with others needs.
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
