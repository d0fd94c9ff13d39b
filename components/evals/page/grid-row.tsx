'use client'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { cn } from '#components/ui/cn.ts'
import type { DotKind } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import { Td, Tr } from '#components/ui/table.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { EvalRow, RowVerdict } from '#lib/evals/schema.ts'
import { CellState } from './cell-state.tsx'
import { questionOf } from './row-words.ts'

const LOOKS: Record<NonNullable<RowVerdict>, { tone: Tone; kind: DotKind }> = {
  worse: { tone: 'bad', kind: 'full' },
  better: { tone: 'ok', kind: 'full' },
  same: { tone: 'mute', kind: 'ring' },
}

/** The first line of an answer: a cell has no room for more. */
const firstLine = (text: string): string => text.trimStart().slice(0, 200).split('\n', 1)[0] ?? ''

/** Pass/fail graders change only by whole steps, which the words already say. */
const isGraded = ({ cells }: EvalRow): boolean =>
  cells.some(({ grades }) => grades?.some(({ score }) => score !== null && !Number.isInteger(score)))

/** The last model compared with the first. */
export function Verdict({ row }: { row: EvalRow }) {
  const { signed } = useFormat()
  const { verdict, change } = row
  const t = useTranslations('evals.page.verdict')
  if (verdict === null) return <span className="text-3">–</span>
  return (
    <State {...LOOKS[verdict]} quiet>
      {t(verdict)}
      {change !== null && change !== 0 && isGraded(row) && (
        <bdi dir="ltr" className="ms-1.5 text-3 tabular-nums">
          {signed(change)}
        </bdi>
      )}
    </State>
  )
}

/** Maximum number of columns beside an open row; with more, only the two in the row panel. */
export const BESIDE = 3

interface RowProps {
  row: EvalRow
  shown: readonly number[]
  chosen: boolean
  compares: boolean
  onChoose: () => void
}

/** Keeps the selected row visible during keyboard navigation. */
function useInSight(chosen: boolean) {
  const line = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return line
}

/** One row with the answer of every visible column. */
export function GridRow({ row, shown, chosen, compares, onChoose }: RowProps) {
  const t = useTranslations('evals.page')
  const line = useInSight(chosen)
  const question = questionOf(row)
  return (
    <Tr ref={line} selected={chosen} className="scroll-my-24">
      <Td align="end" quiet className="w-px">
        {row.number}
      </Td>
      <Td className="w-full min-w-48 max-w-0">
        <span className="flex items-center gap-2">
          <button
            type="button"
            aria-pressed={chosen}
            aria-label={t('chooseRow', { number: row.number, question: question.slice(0, 120) })}
            onClick={onChoose}
            className="min-w-0 truncate rounded-xs text-start font-medium hover:underline"
          >
            <bdi>{question || '–'}</bdi>
          </button>
          {row.fix && (
            <Chip tone="accent" dot="full">
              {t('fixedMark')}
            </Chip>
          )}
        </span>
      </Td>
      {compares && (
        <Td>
          <Verdict row={row} />
        </Td>
      )}
      {shown.map((column) => {
        const cell = row.cells[column]
        return (
          <Td key={column} className={cn('min-w-36', shown.length > BESIDE ? 'max-w-44' : 'max-w-64')}>
            {cell && <CellState cell={cell} quiet />}
            {cell?.text && <bdi className="block truncate text-3 text-meta">{firstLine(cell.text)}</bdi>}
          </Td>
        )
      })}
    </Tr>
  )
}
