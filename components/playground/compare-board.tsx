'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { CopyLink } from '#components/shell/copy-link.tsx'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { Note } from '#components/ui/note.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import { useStable, useStableActions } from '#components/ui/use-stable.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import { MOST_PANES } from '#lib/playground/constants.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Comparison, Preset } from '#lib/playground/schema.ts'
import { AnswerAnnouncer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { Earlier } from './history.tsx'
import { baselineOf, Pane } from './pane.tsx'
import { useAnswers } from './use-answers.ts'
import { useAsking } from './use-asking.ts'
import { useAwaited } from './use-awaited.ts'
import { type BoardView, useBoardView } from './use-board-view.ts'
import { useComparison } from './use-comparison.ts'
import { expectedFor, questionsAfter, useHeldOutQuestions } from './use-held-out-questions.ts'
import { isSeated, usePanes } from './use-panes.ts'
import { useQuestion } from './use-question.ts'
import { useRunKeys } from './use-run-keys.ts'
import type { Kept } from './use-save-draft.ts'
import { useVote } from './use-vote.ts'
import { VoteBar } from './vote-bar.tsx'
import { namesOf } from './win-rate.tsx'

const SaveDialog = lazily(() => import('./save-dialog.tsx').then((module) => module.SaveDialog))

function crumbsOf({ run }: Opening, t: ReturnType<typeof useTranslations<'playground'>>) {
  if (!run) return [{ label: t('title') }]
  return [{ label: t('title'), href: '/playground' }, { label: t('compareRun', { name: jobName(run) }) }]
}

interface BoardKeys {
  run: () => void
  vote: (winner: number | null) => void
  view: BoardView
  /** Asks the next held-out question; null if there is none. */
  next: (() => void) | null
  /** null while nothing can be saved. */
  save: ((kind: Kept) => void) | null
}

/** Digits vote for an answer by its position, 0 for a tie; letters trigger the buttons of the bar. */
function useBoardKeys({ run, vote, view, next, save }: BoardKeys) {
  const votes = Object.fromEntries(
    Array.from({ length: MOST_PANES }, (_, place) => [String(place + 1), () => vote(place)]),
  )
  useKeys({
    ...votes,
    0: () => vote(null),
    r: run,
    n: () => next?.(),
    b: view.toggleBlind,
    d: view.toggleDiff,
    s: () => save?.('example'),
    p: () => save?.('preference'),
  })
}

const NO_MODELS: readonly ListedModel[] = []

/** One question for several models, which answer in parallel. */
export function CompareBoard({ opening }: { opening: Opening }) {
  const t = useTranslations('playground')
  const words = useTranslations('models')
  const say = useErrorWords()
  const { data: list } = useQuery(modelsQuery())
  const questioning = useQuestion(opening)
  const panes = usePanes(opening.panes, opening.comparison)
  const comparison = useComparison(opening.comparison)
  const view = useBoardView(opening, panes, comparison)
  const answers = useAnswers(comparison.asked)
  const asking = useAsking({ opening, questioning, view, panes, comparison, answers })
  const { vote, takeBack, voteError, forgetError } = useVote(comparison, answers, panes)
  const [kept, setKept] = useState<Kept | null>(null)
  const answersBox = useRef<HTMLElement>(null)
  const awaited = useAwaited(opening, panes)
  const { places } = panes
  const { asked, running, stop } = comparison
  const { question, sampling, changeQuestion } = questioning
  const { hidden, columnAt, columnsAt } = answers
  const names = useMemo(() => namesOf(places, hidden), [places, hidden])
  const reasonFor = (prompt: string): string | null => {
    if (!prompt.trim()) return t('noPrompt')
    if (!places.some(isSeated)) return t('noModel')
    return awaited && opening.run ? t('noModelYet', { name: jobName(opening.run) }) : null
  }
  const reason = reasonFor(question.prompt)
  const ask = (prompt: string) => {
    if (running || reasonFor(prompt) !== null) return
    // Voting keys are single letters and digits: move focus out of the prompt, so that they are not typed into it.
    answersBox.current?.focus({ preventScroll: true })
    forgetError()
    void asking.run(prompt)
  }
  const run = () => ask(question.prompt)
  const talking = places.some(({ earlier }) => earlier.length > 0)
  const heldOut = useHeldOutQuestions(talking ? null : (opening.data?.datasetId ?? null))
  const askHeldOut = (prompt: string) => {
    if (running) return
    changeQuestion({ prompt })
    // Answers of the built-in engine cost nothing; elsewhere the user sends the question.
    if (places.filter(isSeated).every(({ model }) => model.providerId === 'embedded')) ask(prompt)
    else comparison.clear()
  }
  const following = questionsAfter(heldOut, question.prompt)
  const [next] = following
  useRunKeys({ run, stop: running ? stop : null })
  useBoardKeys({
    run,
    vote,
    view,
    next: next === undefined ? null : () => askHeldOut(next),
    save: asked && !running && !hidden ? setKept : null,
  })
  const actions = useStableActions({
    change: panes.change,
    remove: panes.remove,
    clear: comparison.clear,
    again: (place: number) => void comparison.again(place),
  })
  const restore = useStable((made: Comparison) => {
    forgetError()
    asking.restore(made)
  })
  const takePreset = ({ samples, ...taken }: Preset) => {
    if (running) return
    changeQuestion(taken)
    view.setSamples(samples)
    comparison.clear()
  }
  const full = places.length >= MOST_PANES
  const canGoOn = !running && !hidden && asked && places.every((_, place) => answers.isFinished(place))

  return (
    <>
      <PageHeader crumbs={crumbsOf(opening, t)}>
        <CopyLink />
        <Button
          icon={<Plus size={16} aria-hidden />}
          disabled={full || running || hidden}
          reason={full ? t('enough', { most: MOST_PANES }) : undefined}
          onClick={panes.add}
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
        <Composer
          question={question}
          onQuestion={changeQuestion}
          samples={view.samples}
          onSamples={view.setSamples}
          opening={opening}
          running={running}
          reason={reason}
          onRun={run}
          onStop={stop}
          talking={talking}
          questions={following}
          expected={expectedFor(heldOut, question.prompt)}
          onHeldOut={askHeldOut}
          onPreset={takePreset}
          onStartOver={asking.startOver}
          onGoOn={canGoOn ? asking.goOn : null}
        />
        {voteError !== null && <Failure error={voteError} />}
        <section
          ref={answersBox}
          tabIndex={-1}
          aria-label={t('panes')}
          className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,22rem),1fr))] gap-3 outline-none sm:gap-4"
        >
          {places.map((place, index) => (
            <Pane
              key={place.id}
              place={place}
              index={index}
              alone={places.length === 1}
              column={columnAt(index)}
              samples={columnsAt(index)}
              baseline={view.diff && index > 0 ? baselineOf(columnAt(0), columnAt(index)) : null}
              hidden={hidden}
              shared={sampling}
              models={list?.models ?? NO_MODELS}
              hasData={opening.data !== null}
              all={answers.all}
              voted={(asked?.votes.length ?? 0) > 0}
              actions={actions}
            />
          ))}
        </section>
        <Earlier names={names} shown={asked?.id} onRestore={restore} job={opening.run?.id} />
        <AnswerAnnouncer places={places} answers={answers} running={running} />
      </Page>
      <VoteBar
        names={names}
        asked={asked}
        running={running}
        answers={answers}
        view={view}
        onVote={vote}
        onTakeBack={takeBack}
        onSave={setKept}
      />
      {kept && (
        <SaveDialog
          kind={kept}
          question={question}
          places={places}
          answers={answers}
          opening={opening}
          onClose={() => setKept(null)}
        />
      )}
    </>
  )
}
