'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AppError } from '#lib/core/errors.ts'
import { applyChange, datasetSummary, type Imported, importFile } from '#lib/datasets/queries.ts'
import { keepsBytes } from '#lib/training-data/formats/plan.ts'
import type { Source } from './source-step.tsx'
import { useCopy } from './use-copy.ts'
import { type Review, useReview } from './use-review.ts'
import { type Finished, useRun } from './use-run.ts'

export interface Into {
  id: string
  name: string
  /** It has no rows yet, so the split of all its rows is chosen here. */
  isEmpty: boolean
}

/** A new dataset takes its name from the file, so rename the file to the chosen name. */
const renamed = (file: File, name: string): File => new File([file], `${name.trim()}.jsonl`)

/** Share of rows to hold out if enough rows remain for training. */
const SHARE = 0.2
const FEWEST = 10
const SEED = 42

const shareOf = (rows: number): number => Math.min(SHARE, (rows - FEWEST) / rows)

/** Imported rows stay if the split fails: the result then says that no rows are held out. */
async function withHeldOut(imported: Imported): Promise<Finished> {
  const { id, revision, train } = imported.dataset
  const heldout = shareOf(train.examples)
  const isShort = train.examples > 0 && heldout < SHARE
  if (!(heldout > 0)) return { ...imported, isShort }
  try {
    await applyChange(id, { revision, change: { kind: 'deal', heldout, seed: SEED } })
    return { ...imported, isShort, dataset: await datasetSummary(id) }
  } catch (thrown) {
    if (thrown instanceof AppError) return imported
    throw thrown
  }
}

function workOf({ file, plan, name, split }: Review, into: Into | undefined) {
  const source = into ? file : renamed(file, name)
  return {
    name: file.name,
    phase: 'sending' as const,
    run: async (signal: AbortSignal, onProgress: Parameters<typeof importFile>[1]['onProgress']) => {
      const imported = await importFile(source, {
        into: into?.id,
        split: split === 'share' ? 'train' : split,
        plan: plan && !keepsBytes(plan) ? plan : undefined,
        signal,
        onProgress,
      })
      return split === 'share' ? withHeldOut(imported) : imported
    },
  }
}

/** The steps of an import: source, review, run, result. */
export function useImportFlow(into: Into | undefined, given: File | null, from: Source) {
  const t = useTranslations('imports')
  const [source, setSource] = useState<Source>(from)
  const [seen, setSeen] = useState(given)
  const [file, setFile] = useState(given)
  const [missed, setMissed] = useState<string | null>(null)
  const [pasted, setPasted] = useState('')
  const running = useRun()
  const { run, clear } = running
  const busy = run.state === 'running'
  const review = useReview(file, into ?? null)
  const copy = useCopy(into?.id ?? null, source === 'dataset')

  const take = (next: File) => {
    if (busy) return setMissed(next.name)
    clear()
    setFile(next)
  }
  // The user dropped another file on the window.
  if (given !== seen) {
    setSeen(given)
    if (given) take(given)
  }
  const takeText = (text: string) => take(new File([text], t('paste.name')))
  const launch = () => {
    setMissed(null)
    if (review) return running.start(workOf(review, into))
    if (copy.from) return running.start({ name: copy.from.name, phase: 'copying', run: copy.run })
  }
  const back = () => {
    clear()
    setFile(null)
  }
  return {
    ...running,
    source,
    setSource,
    pasted,
    setPasted,
    take,
    takeText,
    review,
    copy,
    missed,
    launch,
    back,
  }
}

export type ImportFlow = ReturnType<typeof useImportFlow>
