import { rawAt, readTurns, setKey, setRaw, type TurnList, writeTurns } from '../edit.ts'
import { isRecord } from '../is-record.ts'
import type { LooseLine, LooseMessage } from '../rules/rule.ts'

/** Fixes one rule's issue in a record; returns the same text if there is none, or the fix is ambiguous. */
export type Fix = (text: string, line: LooseLine, how: string | null) => string

/** The text with changed turns in each list that `needs` it. */
export const eachList =
  (
    needs: (messages: readonly LooseMessage[]) => boolean,
    change: (turns: string[], messages: readonly LooseMessage[], how: string | null) => string[],
  ): Fix =>
  (text, line, how) =>
    line.conversations
      .filter(({ messages }) => needs(messages))
      .reduce((fixed, { path, messages }) => {
        const where = path.join('.') as TurnList
        const raws = readTurns(fixed, where)?.map(({ raw }) => raw)
        return raws ? writeTurns(fixed, change(raws, messages, how), where) : fixed
      }, text)

export const eachTurn = (
  needs: (message: LooseMessage) => boolean,
  change: (turn: string, message: LooseMessage, how: string | null) => string,
): Fix =>
  eachList(
    (messages) => messages.some(needs),
    (turns, messages, how) =>
      turns.map((turn, index) => {
        const message = messages[index]
        return message && needs(message) ? change(turn, message, how) : turn
      }),
  )

/** A text's JSON; non-ASCII characters are escaped if the replaced text escapes them. */
function literal(text: string, before: string): string {
  const json = JSON.stringify(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (!/\\u/.test(before) || /[^\u0000-\u007f]/.test(before)) return json
  return json.replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function changeTexts(turn: string, message: LooseMessage, change: (text: string) => string): string {
  const at = (fixed: string, path: (string | number)[], text: string): string => {
    const next = change(text)
    return next === text ? fixed : setRaw(fixed, path, literal(next, rawAt(fixed, path) ?? ''))
  }
  const { content } = message
  if (typeof content === 'string') return at(turn, ['content'], content)
  if (!Array.isArray(content)) return turn
  return content.reduce<string>(
    (fixed, part, index) =>
      isRecord(part) && typeof part.text === 'string'
        ? at(fixed, ['content', index, 'text'], part.text)
        : fixed,
    turn,
  )
}

/** A fix for the texts of all messages. */
export const inTexts = (change: (text: string) => string): Fix =>
  eachTurn(
    ({ content }) => content !== undefined,
    (turn, message) => changeTexts(turn, message, change),
  )

/** The turn with its text replaced. */
export const withContent = (turn: string, text: string): string => {
  const before = rawAt(turn, ['content'])
  return before === null ? setKey(turn, 'content', text) : setRaw(turn, ['content'], literal(text, before))
}
