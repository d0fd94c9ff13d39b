'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { runName } from '#components/jobs/run-name.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import type { Opening } from '#lib/playground/opening.ts'
import { MOST_PANES } from '#lib/playground/schema.ts'
import { kindOf } from '#lib/providers/kind.ts'
import { Composer, type Question } from './composer.tsx'
import { EndingNews } from './ending-news.tsx'
import { Pane } from './pane.tsx'
import { columnOf, useComparison } from './use-comparison.ts'
import { type Place, usePanes } from './use-panes.ts'
import { useRunKeys } from './use-run-keys.ts'

/** The likeliest answer, so that a comparison can be repeated; long enough for a limerick or a short paragraph. */
const SAMPLING = { temperature: 0, topP: null, maxTokens: 120, seed: null }

const hasModel = (place: Place): place is Place & { model: ModelRef } => place.model !== null

/** One question, several models, all answering at once. */
export function CompareBoard({ opening }: { opening: Opening }) {
  const t = useTranslations('playground')
  const words = useTranslations('models')
  const { data: list } = useQuery(modelsQuery())
  const [question, setQuestion] = useState<Question>({
    ...SAMPLING,
    system: opening.system,
    prompt: opening.prompt,
  })
  const { places, add, remove, choose } = usePanes(opening.panes)
  const { columns, running, run, stop, clear } = useComparison()
  const asked = places.filter(hasModel)
  const reason = !question.prompt.trim() ? t('noPrompt') : asked.length === 0 ? t('noModel') : null

  const ask = (panes: typeof asked) =>
    run({ ...question, panes: panes.map(({ id, model }) => ({ id, ...model })) })
  const runAll = () => {
    if (!running && reason === null) ask(asked)
  }
  useRunKeys({ run: runAll, stop: running ? stop : null })
  const full = places.length >= MOST_PANES

  return (
    <>
      <PageHeader
        crumbs={
          opening.run
            ? [
                { label: t('title'), href: '/playground' },
                { label: t('compareRun', { name: runName(opening.run) }) },
              ]
            : [{ label: t('title') }]
        }
      >
        <Button
          icon={<Plus size={16} aria-hidden />}
          disabled={full || running}
          reason={full ? t('enough', { most: MOST_PANES }) : undefined}
          onClick={add}
        >
          {t('addPane')}
        </Button>
      </PageHeader>
      <Page>
        {list?.failures.map(({ providerId, name, message }) => (
          <Note key={providerId}>{words('missingFrom', { name, message })}</Note>
        ))}
        <Composer
          question={question}
          onQuestion={(change) => setQuestion((before) => ({ ...before, ...change }))}
          training={opening.training}
          heldOut={opening.heldOut}
          running={running}
          reason={reason}
          onRun={runAll}
          onStop={stop}
        />
        <section
          aria-label={t('panes')}
          className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,22rem),1fr))] gap-3 sm:gap-4"
        >
          {places.map((place) => (
            <Pane
              key={place.id}
              model={place.model}
              models={list?.models ?? []}
              kind={place.model ? kindOf(place.model.model) : 'base'}
              column={columnOf(columns, place.id)}
              maxTokens={question.maxTokens}
              onModel={(model) => {
                choose(place.id, model)
                clear(place.id)
              }}
              onRerun={() => {
                if (hasModel(place) && question.prompt.trim()) ask([place])
              }}
              onRemove={places.length > 1 ? () => remove(place.id) : undefined}
            />
          ))}
        </section>
        <EndingNews places={asked} columns={columns} running={running} />
      </Page>
    </>
  )
}
