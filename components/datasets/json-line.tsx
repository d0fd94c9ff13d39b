'use client'
import { useTranslations } from 'use-intl'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Dot } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import type { Issue } from '#lib/examples/issue.ts'
import { useIssueWords } from './issue-words.ts'

export interface JsonLineProps {
  number: number
  text: string
  issues: readonly Issue[]
  onText: (text: string) => void
  onGoTo: (issue: Issue) => void
}

/** The line as it is stored. What is typed here and what is typed above are the same text. */
export function JsonLine({ number, text, issues, onText, onGoTo }: JsonLineProps) {
  const t = useTranslations('datasets')
  const words = useIssueWords()
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
          className="w-8 shrink-0 py-1.5 text-end font-mono text-3 text-meta tabular-nums"
        >
          {number}
        </span>
        <Textarea
          mono
          bare
          dir="ltr"
          data-json=""
          spellCheck={false}
          aria-label={t('row.jsonLabel', { number })}
          aria-invalid={issues.some(({ severity }) => severity === 'error')}
          value={text}
          // A row is one line of a file: a line break in it would make two.
          onValueChange={(value) => onText(value.replace(/[\r\n]+/g, ' '))}
          className="wrap-anywhere"
        />
      </div>
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
    </section>
  )
}
