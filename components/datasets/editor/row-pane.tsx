'use client'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, memo, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useSettled } from '#components/ui/use-settled.ts'
import { tokensQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow, DatasetSummary, TokensDraft } from '#lib/datasets/schema.ts'
import { domain } from '#lib/domain/domain.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { Conversation, type ConversationProps } from '../conversation/conversation.tsx'
import { JsonLine } from '../line/json-line.tsx'
import { TokenView } from '../line/token-view.tsx'
import { useBase, useBases } from '../line/use-bases.ts'
import { rowWords } from '../row-words.ts'
import { RowBar } from './row-bar.tsx'
import { SaveFailed, type SaveFailedProps } from './save-failed.tsx'
import type { FocusTarget } from './use-caret.ts'
import type { RowActions } from './use-row-actions.ts'
import type { Selection } from './use-selection.ts'

// A key that is pressed in the row draws again only what takes its text.
const Bar = memo(RowBar)
const Tokens = memo(TokenView)
const Line = memo(JsonLine)

/** The label of the question, where it has one. */
function labelOf(text: string): string | null {
  const { question } = rowWords(text)
  return (question && domain.rowLabel(question)) ?? null
}

/** What is still to be written: the first empty field, else the last one. */
function fieldToWrite(pane: HTMLElement): HTMLTextAreaElement | undefined {
  const fields = [...pane.querySelectorAll<HTMLTextAreaElement>('textarea[data-turn]')]
  return fields.find(({ value }) => value === '') ?? fields.at(-1)
}

/** Puts the caret where a problem is, or where writing goes on. */
function useFocusTarget(target: FocusTarget | null, row: DatasetRow | undefined) {
  const pane = useRef<HTMLElement>(null)
  const followed = useRef(0)
  const [line, id] = [row?.number, row?.id]
  useEffect(() => {
    if (!target || !pane.current || target.message === undefined) return
    if (target.id === undefined ? target.line !== line : target.id !== id) return
    // Once: coming back to a row later is no wish to write in it.
    if (followed.current === target.turn) return
    followed.current = target.turn
    const field =
      target.message === 'edit'
        ? fieldToWrite(pane.current)
        : pane.current.querySelector<HTMLElement>(`[data-turn="${target.message}"]`)
    field?.focus()
    // Of a long text only the way to it is there.
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length)
    field?.scrollIntoView({ block: 'nearest' })
  }, [target, line, id])
  return pane
}

/** The column of the line that the caret is sent to; null when it is sent elsewhere. */
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

/** With the tokens of each turn. One a row: the counts of the row before are not those of this one. */
const CountedConversation = memo(function CountedConversation({ text, base, onText }: CountedProps) {
  const line = useSettled(text, '')
  const { data } = useQuery({ ...tokensQuery({ line, base }), enabled: line.trim() !== '' })
  return <Conversation text={text} messageTokens={data?.messages ?? null} onText={onText} />
})

interface RowPaneProps extends SaveFailedProps {
  dataset: DatasetSummary
  selection: Selection
  /** Of the open row, as it is being written. */
  issues: readonly Issue[]
  focus: FocusTarget | null
  busy: boolean
  actions: RowActions
  onGoTo: (issue: Issue) => void
}

/** The row under the hand: as a conversation, as a model reads it, and as the line it is. */
export function RowPane(props: RowPaneProps) {
  const { dataset, selection, issues, focus, busy, actions, onGoTo, ...failure } = props
  const t = useTranslations('datasets.row')
  const { row, rows, text, draft, isNew, index, position, total } = selection
  const dirty = draft !== undefined
  const pane = useFocusTarget(focus, row)
  const caret = useColumnCaret(focus, row?.number)
  const bases = useBases()
  const { base } = useBase(bases)
  // The views beneath follow a moment later, so that what is typed is painted at once.
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
  // One new row follows another under the same id.
  const key = isNew ? `${row.id} ${row.number}` : row.id
  return (
    <section
      ref={pane}
      aria-label={t('region')}
      onKeyDown={onKeyDown}
      className="flex min-h-0 flex-1 flex-col"
    >
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
        actions={actions}
      />
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
