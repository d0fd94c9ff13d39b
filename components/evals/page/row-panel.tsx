'use client'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import type { EvalPage, EvalRow } from '#lib/evals/schema.ts'
import type { Change, View } from './address.ts'
import { AnswerCard } from './answer-card.tsx'
import { Verdict } from './grid-row.tsx'
import { sidesOf } from './row-words.ts'

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border bg-surface">
      <h3 className="px-4 pt-2.5 text-3 text-micro">{title}</h3>
      <div className="px-4 pt-1 pb-3 text-read">{children}</div>
    </section>
  )
}

const Words = ({ children }: { children: string }) => (
  <p dir="auto" className="people-text">
    {children}
  </p>
)

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const

function Asked({ row }: { row: EvalRow }) {
  const t = useTranslations('evals.page')
  const said = row.messages.slice(0, -1)
  return (
    <Part title={t('asked')}>
      {said.map(({ role, text }, index) => {
        const known = ROLES.find((one) => one === role)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a turn is identified by its index
          <div key={index} className="mb-2 text-2 text-meta">
            <span className="me-2 text-3">{known ? t(`said.${known}`) : role}</span>
            <span dir="auto" className="people-text">
              {text}
            </span>
          </div>
        )
      })}
      <Words>{row.messages.at(-1)?.text ?? ''}</Words>
    </Part>
  )
}

/** On a narrow screen the row opens below the grid: scroll it into view. */
function useBrought(key: string) {
  const box = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll again when the row changes
  useEffect(() => {
    if (matchMedia('(width < 68.8125rem)').matches) box.current?.scrollIntoView({ block: 'start' })
    else box.current?.scrollTo({ top: 0 })
  }, [key])
  return box
}

interface RowPanelProps {
  page: EvalPage
  row: EvalRow
  names: readonly string[]
  view: View
  change: Change
  onClose: () => void
}

/** A row in full: question, expected answer, and the answers of two models. */
export function RowPanel({ page, row, names, view, change, onClose }: RowPanelProps) {
  const t = useTranslations('evals.page')
  const box = useBrought(row.key)
  const sides = sidesOf(view, page.columns.length)
  const shown = sides[0] === sides[1] ? [sides[0]] : sides
  const label = t('detail', { number: row.number })
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      className="grid min-w-0 gap-2 rounded-lg wide:sticky wide:top-0 wide:max-h-[calc(100dvh-9.5rem)] wide:overflow-y-auto wide:overscroll-contain"
    >
      <header className="flex min-h-8 items-center gap-3">
        <h2 className="font-semibold tabular-nums">{label}</h2>
        {page.graders.length > 0 && page.columns.length > 1 && <Verdict row={row} />}
        <span className="ms-auto">
          <IconButton size="sm" label={t('close')} onClick={onClose}>
            <X size={14} aria-hidden />
          </IconButton>
        </span>
      </header>
      <Asked row={row} />
      {row.expected !== '' && (
        <Part title={t('expected')}>
          <Words>{row.expected}</Words>
        </Part>
      )}
      {shown.map((column, side) => {
        const cell = row.cells[column]
        return (
          cell && (
            <AnswerCard
              // biome-ignore lint/suspicious/noArrayIndexKey: a side is identified by its index
              key={side}
              label={t(side === 0 ? 'first' : 'second')}
              cell={cell}
              graders={page.graders}
              names={names}
              against={view.diff ? row.expected : null}
              onColumn={(next) => change(side === 0 ? { left: next } : { right: next })}
            />
          )
        )
      })}
      {row.fix && (
        <Part title={t('fixAnswer')}>
          <Words>{row.fix.answer}</Words>
          {row.fix.reason && (
            <p dir="auto" className="mt-1 text-3 text-meta">
              {t('fixReason', { reason: row.fix.reason })}
            </p>
          )}
        </Part>
      )}
    </section>
  )
}
