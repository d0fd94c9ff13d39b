'use client'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, memo, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useSettled } from '#components/ui/use-settled.ts'
import { tokensQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow, DatasetSummary, TokensDraft } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { domain } from '#lib/domain/domain.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { Conversation, type ConversationProps } from '../conversation/conversation.tsx'
import { JsonLine } from '../line/json-line.tsx'
import { TokenView } from '../line/token-view.tsx'
import { useBase, useBases } from '../line/use-bases.ts'
import { rowWords } from '../row-words.ts'
import { RowBar } from './row-bar.tsx'
import { RowMarks } from './row-marks.tsx'
import { SaveFailed, type SaveFailedProps } from './save-failed.tsx'
import { StartStrip, type StartStripProps } from './start-strip.tsx'
import type { FocusTarget } from './use-caret.ts'
import type { RowActions } from './use-row-actions.ts'
import type { Selection } from './use-selection.ts'

// Memoized: a keystroke in the row renders only the components that use its text.
const Bar = memo(RowBar)
const Tokens = memo(TokenView)
const Line = memo(JsonLine)

/** The label of the question, if it has one. */
function labelOf(text: string): string | null {
  const { question } = rowWords(text)
  return (question && domain.rowLabel(question)) ?? null
}

/** The field to write in next: the first empty field, else the last one. */
function fieldToWrite(pane: HTMLElement): HTMLTextAreaElement | undefined {
  const fields = [...pane.querySelectorAll<HTMLTextAreaElement>('textarea[data-turn]')]
  return fields.find(({ value }) => value === '') ?? fields.at(-1)
}

/** Moves the caret to an issue, or to the field to write in next. */
function useFocusTarget(target: FocusTarget | null, row: DatasetRow | undefined) {
  const pane = useRef<HTMLElement>(null)
  const followed = useRef(0)
  const [line, id] = [row?.number, row?.id]
  useEffect(() => {
    if (!target || !pane.current || target.message === undefined) return
    if (target.id === undefined ? target.line !== line : target.id !== id) return
    // Only once: returning to a row later must not move the caret again.
    if (followed.current === target.turn) return
    followed.current = target.turn
    const field =
      target.message === 'edit'
        ? fieldToWrite(pane.current)
        : pane.current.querySelector<HTMLElement>(`[data-turn="${target.message}"]`)
    field?.focus()
    // A long text shows a button instead of a textarea: it only gets the focus.
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length)
    field?.scrollIntoView({ block: 'nearest' })
  }, [target, line, id])
  return pane
}

/** The column in the JSON line to move the caret to; null if the target is elsewhere. */
function useColumnCaret(target: FocusTarget | null, line: number | undefined) {
  return useMemo(() => {
    if (target?.line !== line || target?.message !== undefined || target?.column === undefined) return null
    return { column: target.column, turn: target.turn }
  }, [target, line])
}

const Waiting = () => (
  <div className="grid gap-4 px-(--gutter) py-6">
    <Skeleton className="h-4 w-1/2" />
    <Skeleton className="h-4 w-2/3" />
    <Skeleton className="h-4 w-3/5" />
  </div>
)

type CountedProps = Pick<ConversationProps, 'text' | 'onText'> & Pick<TokensDraft, 'base'>

/** The conversation with token counts. Mounted per row: the counts of the previous row must not appear here. */
const CountedConversation = memo(function CountedConversation({ text, base, onText }: CountedProps) {
  const line = useSettled(text, '')
  const { data } = useQuery({ ...tokensQuery({ line, base }), enabled: line.trim() !== '' })
  return <Conversation text={text} messageTokens={data?.messages ?? null} onText={onText} />
})

interface RowPaneProps extends SaveFailedProps, Pick<StartStripProps, 'onImport'> {
  dataset: DatasetSummary
  selection: Selection
  /** Issues of the open row, including unsaved edits. */
  issues: readonly Issue[]
  focus: FocusTarget | null
  busy: boolean
  /** Whether the row is selected together with others. */
  chosen: boolean
  actions: RowActions
  onGoTo: (issue: Issue) => void
}

/** The open row in three views: conversation, tokens of the model, JSON line. */
export function RowPane(props: RowPaneProps) {
  const { dataset, selection, issues, focus, busy, chosen, actions, onGoTo, onImport, ...failure } = props
  const t = useTranslations('datasets.row')
  const { row, rows, text, draft, isNew, index, position, total } = selection
  const dirty = draft !== undefined
  const pane = useFocusTarget(focus, row)
  const caret = useColumnCaret(focus, row?.number)
  const bases = useBases()
  const { base } = useBase(bases)
  // Deferred, so that a keystroke is painted before the views below are updated.
  const followed = useDeferredValue(text)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && event.target instanceof HTMLElement)
      event.target.blur()
  }
  if (!row) {
    return rows.total > 0 ? (
      <Waiting />
    ) : (
      <div className="grid gap-4 px-(--gutter) py-6 text-2">
        {t('none')}
        <SaveFailed {...failure} />
      </div>
    )
  }
  // All new rows share one id, so the number is part of the key.
  const key = isNew ? `${row.id} ${row.number}` : row.id
  return (
    <section
      ref={pane}
      aria-label={t('region')}
      onKeyDown={onKeyDown}
      className="flex min-h-0 flex-1 flex-col"
    >
      {selection.isEmpty && (
        <StartStrip system={systemPromptOf(text) ?? ''} onSystem={actions.setSystem} onImport={onImport} />
      )}
      <Bar
        dataset={dataset}
        label={labelOf(text)}
        number={isNew ? null : row.number}
        split={row.split}
        index={index}
        count={rows.total}
        position={position}
        total={total}
        dirty={dirty}
        busy={busy}
        chosen={chosen}
        actions={actions}
      />
      {!isNew && <RowMarks key={row.id} row={row} onMark={actions.mark} />}
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="px-(--gutter) pt-1 pb-2">
          <SaveFailed {...failure} />
          {row.text === null && !dirty ? (
            <p className="py-4 text-2">{t('notUtf8')}</p>
          ) : (
            <CountedConversation key={key} text={text} base={base} onText={actions.edit} />
          )}
        </div>
        <Tokens text={followed} bases={bases} />
        <Line
          key={key}
          number={row.number}
          text={text}
          issues={isNew && !dirty ? null : issues}
          caret={caret}
          onText={actions.edit}
          onGoTo={onGoTo}
        />
      </div>
    </section>
  )
}
