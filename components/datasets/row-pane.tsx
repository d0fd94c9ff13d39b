'use client'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ErrorState } from '#components/ui/error-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { countQuery } from '#lib/datasets/queries.ts'
import { Conversation } from './conversation.tsx'
import { JsonLine } from './json-line.tsx'
import { RowBar } from './row-bar.tsx'
import type { Editor, FocusTarget } from './use-editor.ts'

/** ms without a keystroke before the server is asked to count. */
const SETTLED = 300

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** Tokens as saved, or as counted for what is being written. */
function useTokens({ row, dirty, text }: Editor) {
  const settled = useSettled(text)
  const saved = !dirty && row?.tokens
  const { data } = useQuery({ ...countQuery(settled), enabled: row !== undefined && !saved })
  return saved || data || null
}

/** Puts the caret where a problem is. */
function useFocusTarget(target: FocusTarget | null, line: number | undefined) {
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!target || target.line !== line) return
    const turn = pane.current?.querySelector<HTMLTextAreaElement>(`[data-turn="${target.message}"]`)
    const json = pane.current?.querySelector<HTMLTextAreaElement>('[data-json]')
    const field = turn ?? json
    field?.focus()
    if (field === json) json?.setSelectionRange(target.column - 1, target.column - 1)
    field?.scrollIntoView({ block: 'nearest' })
  }, [target, line])
  return pane
}

function SaveFailed({ editor }: { editor: Editor }) {
  const t = useTranslations('datasets.row')
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
      {conflict.message}
    </ErrorState>
  )
}

/** The row under the hand: as a conversation, and as the line it is. */
export function RowPane({ editor }: { editor: Editor }) {
  const t = useTranslations('datasets.row')
  const { row, text, rowIssues, edit, goTo, focus, dirty, busy, saveAndNext } = editor
  const tokens = useTokens(editor)
  const pane = useFocusTarget(focus, row?.number)
  const save = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    if (dirty && !busy) saveAndNext()
  }
  if (!row) return <p className="px-(--gutter) py-6 text-2">{t('none')}</p>
  return (
    <section ref={pane} aria-label={t('region')} onKeyDown={save} className="flex min-h-0 flex-1 flex-col">
      <RowBar editor={editor} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="px-(--gutter) pt-1 pb-2">
          <SaveFailed editor={editor} />
          {row.text === null && !dirty ? (
            <p className="py-4 text-2">{t('notUtf8')}</p>
          ) : (
            <Conversation text={text} tokens={tokens?.messages ?? null} onText={edit} />
          )}
          {tokens && (
            <p className="pb-2 text-3 text-meta tabular-nums sm:ps-35.5">
              {t('total', { total: tokens.total, trained: tokens.trained })}. {t('estimate')}
            </p>
          )}
        </div>
        <JsonLine number={row.number} text={text} issues={rowIssues} onText={edit} onGoTo={goTo} />
      </div>
    </section>
  )
}
