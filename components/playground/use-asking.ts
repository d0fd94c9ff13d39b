import { useQueryClient } from '@tanstack/react-query'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Comparison, Turn } from '#lib/playground/schema.ts'
import type { Answers } from './use-answers.ts'
import type { BoardView } from './use-board-view.ts'
import type { Comparing } from './use-comparison.ts'
import { isSeated, type Panes, type Place } from './use-panes.ts'
import type { Questioning } from './use-question.ts'

interface Parts {
  opening: Pick<Opening, 'run' | 'data'>
  questioning: Questioning
  view: BoardView
  panes: Panes
  comparison: Comparing
  answers: Answers
}

/** Sends the question, and continues the conversation. */
export function useAsking({ opening, questioning, view, panes, comparison, answers }: Parts) {
  const queries = useQueryClient()
  const { question, setQuestion, changeQuestion } = questioning
  /** @param prompt if it is not the one in the field */
  async function run(prompt = question.prompt) {
    answers.setSample(0)
    const places = panes.settle()
    const seated = places.filter(isSeated)
    // Remove panes without a model: the order of the answers must match the order on the page.
    for (const { id } of places) if (!seated.some((place) => place.id === id)) panes.remove(id)
    await comparison.run({
      id: newComparisonId(),
      ...question,
      prompt,
      samples: view.samples,
      blind: view.blind && seated.length > 1,
      jobId: opening.run?.id ?? null,
      data: opening.data,
      panes: seated.map(({ model, fewShot, sampling, earlier }) => ({
        ...model,
        fewShot,
        sampling,
        earlier,
      })),
    })
    void queries.invalidateQueries({ queryKey: ['playground'] })
  }

  /** Shows a saved comparison. */
  function restore(made: Comparison) {
    const { samples, ...before } = made.question
    answers.setSample(0)
    view.setSamples(samples)
    setQuestion(before)
    if (!made.hidden) panes.restore(made)
    comparison.restore(made)
  }

  /** Adds the answers to each conversation and clears the prompt for the next question. */
  function goOn() {
    const said = (place: Place, index: number): Turn[] => [
      ...place.earlier,
      { role: 'user', content: question.prompt },
      { role: 'assistant', content: answers.columnAt(index)?.text ?? '' },
    ]
    panes.each((place, index) => ({ ...place, earlier: said(place, index) }))
    changeQuestion({ prompt: '' })
    comparison.clear()
  }

  function startOver() {
    panes.each((place) => ({ ...place, earlier: [] }))
    comparison.clear()
  }

  return { run, restore, goOn, startOver }
}
