'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { runName } from '#components/jobs/run-name.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { MOST_PANES } from '#lib/playground/schema.ts'
import { AnswerAnnouncer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { Earlier } from './history.tsx'
import { Pane } from './pane.tsx'
import { type Kept, SaveDialog } from './save-dialog.tsx'
import { useAwaited } from './use-awaited.ts'
import { type Board, useBoard } from './use-board.ts'
import { useRunKeys } from './use-run-keys.ts'
import { VoteBar } from './vote-bar.tsx'

function crumbsOf({ run }: Opening, t: ReturnType<typeof useTranslations<'playground'>>) {
  if (!run) return [{ label: t('title') }]
  return [{ label: t('title'), href: '/playground' }, { label: t('compareRun', { name: runName(run) }) }]
}

/** Digits choose an answer by its place, 0 a tie; letters are the buttons of the bar. */
function useBoardKeys(board: Board, run: () => void, setKept: (kept: Kept) => void) {
  const votes = Object.fromEntries(
    Array.from({ length: MOST_PANES }, (_, place) => [String(place + 1), () => board.vote(place)]),
  )
  const { asked, hidden, running } = board
  const save = (kept: Kept) => () => asked && !running && !hidden && setKept(kept)
  useKeys({
    ...votes,
    0: () => board.vote(null),
    r: run,
    b: () => board.setBlind((on) => !on),
    d: () => board.setDiff((on) => !on),
    s: save('example'),
    p: save('preference'),
  })
}

/** One question, several models, all answering at once. */
export function CompareBoard({ opening }: { opening: Opening }) {
  const t = useTranslations('playground')
  const words = useTranslations('models')
  const say = useErrorWords()
  const { data: list } = useQuery(modelsQuery())
  const board = useBoard(opening)
  const { places, seated, running, question } = board
  const [kept, setKept] = useState<Kept | null>(null)
  const answers = useRef<HTMLElement>(null)
  const awaited = useAwaited(opening, board)
  const reason = !question.prompt.trim()
    ? t('noPrompt')
    : seated.length === 0
      ? t('noModel')
      : awaited && opening.run
        ? t('noModelYet', { name: runName(opening.run) })
        : null
  const runAll = () => {
    if (running || reason !== null) return
    // The keys of the answers are single letters: they must not land in the prompt.
    answers.current?.focus({ preventScroll: true })
    void board.run()
  }
  useRunKeys({ run: runAll, stop: running ? board.stop : null })
  useBoardKeys(board, runAll, setKept)
  const full = places.length >= MOST_PANES

  return (
    <>
      <PageHeader crumbs={crumbsOf(opening, t)}>
        <Button
          icon={<Plus size={16} aria-hidden />}
          disabled={full || running || board.hidden}
          reason={full ? t('enough', { most: MOST_PANES }) : undefined}
          onClick={board.panes.add}
        >
          {t('addPane')}
        </Button>
      </PageHeader>
      <Page>
        {list?.failures.map((failure) => (
          <Note key={failure.providerId}>
            {words('missingFrom', { name: failure.name, message: say(failure) })}
          </Note>
        ))}
        <Composer board={board} opening={opening} reason={reason} onRun={runAll} />
        {board.failure !== null && <Failure error={board.failure} />}
        <section
          ref={answers}
          tabIndex={-1}
          aria-label={t('panes')}
          className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,22rem),1fr))] gap-3 outline-none sm:gap-4"
        >
          {places.map((place, index) => (
            <Pane
              key={place.id}
              board={board}
              place={place}
              index={index}
              models={list?.models ?? []}
              hasData={opening.data !== null}
            />
          ))}
        </section>
        <Earlier board={board} job={opening.run?.id} />
        <AnswerAnnouncer board={board} />
      </Page>
      <VoteBar board={board} onSave={setKept} />
      {kept && <SaveDialog kind={kept} board={board} opening={opening} onClose={() => setKept(null)} />}
    </>
  )
}
