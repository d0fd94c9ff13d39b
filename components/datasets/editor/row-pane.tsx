'use client'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useDeferredValue, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ErrorState } from '#components/ui/error-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useSettled } from '#components/ui/use-settled.ts'
import { tokensQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow, TokensDraft } from '#lib/datasets/schema.ts'
import { Conversation, type ConversationProps } from '../conversation/conversation.tsx'
import { JsonLine } from '../line/json-line.tsx'
import { TokenView } from '../line/token-view.tsx'
import { useBase, useBases } from '../line/use-bases.ts'
import { RowBar } from './row-bar.tsx'
import type { Editor, FocusTarget } from './use-editor.ts'
import type { RowActions } from './use-row-actions.ts'

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

function SaveFailed({ editor }: { editor: Editor }) {
  const t = useTranslations('datasets.row')
  const say = useErrorWords()
  const { failed, conflict, overwrite, loadTheirs } = editor
  if (!failed) return null
  if (!conflict) return <Failure title={t('saveFailed')} error={failed} />
  return (
    <ErrorState
      title={t('saveFailed')}
      actions={
        <>
          <Button onClick={overwrite}>{t('overwrite')}</Button>
          <Button onClick={loadTheirs}>{t('loadTheirs')}</Button>
        </>
      }
    >
      {say(conflict)}
    </ErrorState>
  )
}

const Waiting = () => (
  <div className="grid gap-4 px-(--gutter) py-6">
    <Skeleton className="h-4 w-1/2" />
    <Skeleton className="h-4 w-2/3" />
    <Skeleton className="h-4 w-3/5" />
  </div>
)

/** With the tokens of each turn. One a row: the counts of the row before are not those of this one. */
function CountedConversation({
  text,
  base,
  onText,
}: Pick<ConversationProps, 'text' | 'onText'> & Pick<TokensDraft, 'base'>) {
  const line = useSettled(text, '')
  const { data } = useQuery({ ...tokensQuery({ line, base }), enabled: line.trim() !== '' })
  return <Conversation text={text} messageTokens={data?.messages ?? null} onText={onText} />
}

/** The row under the hand: as a conversation, as a model reads it, and as the line it is. */
export function RowPane({ editor, actions }: { editor: Editor; actions: RowActions }) {
  const t = useTranslations('datasets.row')
  const { row, rows, text, rowIssues, edit, goTo, focus, dirty, isNew } = editor
  const pane = useFocusTarget(focus, row)
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
        <SaveFailed editor={editor} />
      </div>
    )
  }
  // One new row follows another under the same id.
  const key = isNew ? `${row.id} ${row.number}` : row.id
  const caret = focus?.line === row.number && focus.message === undefined ? focus : null
  return (
    <section
      ref={pane}
      aria-label={t('region')}
      onKeyDown={onKeyDown}
      className="flex min-h-0 flex-1 flex-col"
    >
      <RowBar editor={editor} actions={actions} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="px-(--gutter) pt-1 pb-2">
          <SaveFailed editor={editor} />
          {row.text === null && !dirty ? (
            <p className="py-4 text-2">{t('notUtf8')}</p>
          ) : (
            <CountedConversation key={key} text={text} base={base} onText={edit} />
          )}
        </div>
        <TokenView text={followed} bases={bases} />
        <JsonLine
          key={key}
          number={row.number}
          text={text}
          issues={isNew && !dirty ? null : rowIssues}
          caret={caret?.column === undefined ? null : { column: caret.column, turn: caret.turn }}
          onText={edit}
          onGoTo={goTo}
        />
      </div>
    </section>
  )
}
