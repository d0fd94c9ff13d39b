'use client'
import { flushSync } from 'react-dom'
import type { MessageTokens } from '#lib/datasets/schema.ts'
import { type TurnList as List, readTurns, writeTurns } from '#lib/training-data/edit.ts'
import { openCalls } from './calls.ts'
import { TurnEditor } from './turn.tsx'
import { TurnMenu } from './turn-menu.tsx'

export interface TurnListProps {
  /** The whole JSON line; every change returns a whole line. */
  text: string
  list: List
  tokens: readonly MessageTokens[] | null
  /** Number of turns in the line before this list. */
  before?: number
  /** Set for the answers of a pair, which cannot be moved. */
  answer?: boolean
  label?: string
  onText: (text: string) => void
}

const swap = (turns: readonly string[], at: number, by: -1 | 1): string[] => {
  const moved = [...turns]
  const [turn] = moved.splice(at, 1)
  if (turn !== undefined) moved.splice(at + by, 0, turn)
  return moved
}

/** Renders a change at once, then focuses the moved turn at its new position. */
function follow(number: number, change: () => void) {
  const field = document.activeElement
  const caret = field instanceof HTMLTextAreaElement ? [field.selectionStart, field.selectionEnd] : []
  flushSync(change)
  const next = document.querySelector<HTMLTextAreaElement>(`textarea[data-turn="${number}"]`)
  next?.focus()
  next?.setSelectionRange(caret[0] ?? 0, caret[1] ?? 0)
  next?.scrollIntoView({ block: 'nearest' })
}

/** The turns of one list of a line, each edited in place. */
export function TurnList({ text, list, tokens, before = 0, answer, label, onText }: TurnListProps) {
  const turns = readTurns(text, list) ?? []
  const raws = turns.map(({ raw }) => raw)
  const write = (next: readonly string[]) => onText(writeTurns(text, next, list))
  const move = (index: number, by: -1 | 1) => write(swap(raws, index, by))
  const canMove = (index: number, by: -1 | 1) => index + by >= 0 && index + by < turns.length
  return (
    <ol aria-label={label}>
      {turns.map((turn, index) => {
        const number = before + index + 1
        const change = (raw: string) => write(raws.with(index, raw))
        return (
          <TurnEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a turn is identified by its position
            key={index}
            turn={turn}
            number={number}
            tokens={tokens?.[before + index] ?? null}
            calls={openCalls(turns, index)}
            weighable={list === 'messages'}
            onChange={change}
            onMove={(by) => canMove(index, by) && follow(number + by, () => move(index, by))}
            menu={
              !(answer && turns.length === 1) && (
                <TurnMenu
                  turn={turn}
                  number={number}
                  index={index}
                  count={turns.length}
                  images={list === 'messages'}
                  onChange={change}
                  onMove={(by) => move(index, by)}
                  onRemove={() => write(raws.toSpliced(index, 1))}
                />
              )
            }
          />
        )
      })}
    </ol>
  )
}
