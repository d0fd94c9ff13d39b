'use client'
import { type ComponentType, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Dot } from '#components/ui/dot.tsx'
import { LongText } from '#components/ui/long-text.tsx'
import { State } from '#components/ui/state.tsx'
import { isLong, Textarea } from '#components/ui/textarea.tsx'
import type { Issue } from '#lib/training-data/issue.ts'
import { useIssueWords } from '../issues/issue-words.ts'
import type { Caret, JsonEditorProps } from './json-editor.tsx'

/** Kept for the next row, which then renders the coloured editor at once. */
let loaded: ComponentType<JsonEditorProps> | null = null

/** The coloured editor once it has loaded; it is a third of the page's code and not needed for the first paint. */
function useJsonEditor(): ComponentType<JsonEditorProps> | null {
  const [Editor, setEditor] = useState(() => loaded)
  useEffect(() => {
    const take = ({ JsonEditor }: typeof import('./json-editor.tsx')) => {
      loaded = JsonEditor
      setEditor(() => JsonEditor)
    }
    // If loading fails, the plain field stays: it can do everything except colours.
    import('./json-editor.tsx').then(take, () => {})
  }, [])
  return Editor
}

export interface JsonLineProps {
  number: number
  text: string
  /** null while the line is not checked. */
  issues: readonly Issue[] | null
  /** Target position of the caret. */
  caret: Caret | null
  onText: (text: string) => void
  onGoTo: (issue: Issue) => void
}

/** The plain field, without colours. */
function Plain({ label, text, marks, caret, onText }: JsonEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: move the caret once per request
  useEffect(() => {
    if (!caret || !field.current) return
    const place = Math.min(Math.max(0, caret.column - 1), field.current.value.length)
    field.current.focus()
    field.current.setSelectionRange(place, place)
  }, [caret?.turn])
  return (
    <Textarea
      ref={field}
      mono
      bare
      dir="ltr"
      data-json=""
      spellCheck={false}
      aria-label={label}
      aria-invalid={marks.some(({ severity }) => severity === 'error')}
      value={text}
      // A row is one line of a file: a line break would make two.
      onValueChange={(value) => onText(value.replace(/[\r\n]+/g, ' '))}
      className="leading-5! wrap-anywhere"
    />
  )
}

function Problems({ issues, onGoTo }: { issues: readonly Issue[] } & Pick<JsonLineProps, 'onGoTo'>) {
  const t = useTranslations('datasets')
  const words = useIssueWords()
  return (
    <ul aria-label={t('row.problems')} aria-live="polite" className="grid gap-1 px-(--gutter) py-3">
      {issues.length === 0 && (
        <li>
          <State tone="ok" quiet>
            {t('row.valid')}
          </State>
        </li>
      )}
      {issues.map((issue) => (
        <li key={`${issue.rule}${issue.path}${issue.column}`} className="flex gap-2">
          <span className="mt-1.5">
            <Dot tone={issue.severity === 'error' ? 'bad' : 'warn'} />
          </span>
          <span>
            <span className="sr-only">{t(`problems.${issue.severity}`)} </span>
            {words(issue)}{' '}
            <button
              type="button"
              className="rounded-xs font-mono text-accent text-meta hover:underline"
              aria-label={t('problems.goTo', { line: issue.line, column: issue.column })}
              onClick={() => onGoTo(issue)}
            >
              {issue.line}:{issue.column}
            </button>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The row as its stored JSON line. This field and the fields above edit the same text. */
export function JsonLine({ number, text, issues, caret, onText, onGoTo }: JsonLineProps) {
  const t = useTranslations('datasets')
  const words = useIssueWords()
  const Coloured = useJsonEditor()
  // A line that is long when it opens stays plain: colouring would lay out all of it.
  const [long] = useState(() => isLong(text))
  const Field = long ? Plain : (Coloured ?? Plain)
  const label = t('row.jsonLabel', { number })
  const marks = (issues ?? []).map((issue) => ({
    column: issue.column,
    severity: issue.severity,
    words: words(issue),
  }))
  return (
    <section aria-label={t('row.json')} className="border-t">
      <header className="flex min-h-11 items-center gap-2 px-(--gutter)">
        <h3 className="font-semibold">{t('row.json')}</h3>
        <span className="text-3 text-meta">{t('row.jsonHint', { number })}</span>
        <span className="ms-auto">
          <CopyButton text={text} label={t('row.copy')} />
        </span>
      </header>
      <div className="flex bg-sunken px-(--gutter) py-2">
        <span
          aria-hidden="true"
          className="w-8 shrink-0 py-[7px] pe-2 text-end font-mono text-3 text-meta tabular-nums leading-5"
        >
          {number}
        </span>
        <div className="min-w-0 flex-1">
          <LongText mono dir="ltr" text={text} label={label} whole={caret !== null}>
            <Field label={label} text={text} marks={marks} caret={caret} onText={onText} />
          </LongText>
        </div>
      </div>
      {issues && <Problems issues={issues} onGoTo={onGoTo} />}
    </section>
  )
}
