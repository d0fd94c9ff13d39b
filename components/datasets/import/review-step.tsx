'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { keepsBytes } from '#lib/training-data/formats/plan.ts'
import { EncodingField } from './encoding-field.tsx'
import { FirstRows } from './first-rows.tsx'
import { LeftFields } from './left-fields.tsx'
import { ListFields } from './list-fields.tsx'
import { delimiterName } from './mapping.ts'
import { MappingFields } from './mapping-fields.tsx'
import { SplitChoice } from './split-choice.tsx'
import type { Review } from './use-review.ts'

const SPLITS = ['train', 'heldout'] as const
/** Choices of split for a dataset without other rows. */
const OWN_SPLITS = ['share', ...SPLITS] as const

/** The detected format of the file, in words. */
function useFileFormat({ plan, preview, file }: Review): string {
  const { bytes } = useFormat()
  const t = useTranslations('imports')
  const size = bytes(file.size)
  if (!plan || !preview) return t('format.reading', { size })
  const count = preview.columns.length
  const delimiter = t(`delimiter.${delimiterName(plan.delimiter)}`)
  return t(`format.${keepsBytes(plan) ? 'lines' : plan.container}`, { size, count, delimiter })
}

function FileFacts({ review, onOther }: { review: Review; onOther: () => void }) {
  const { bytes } = useFormat()
  const t = useTranslations('imports')
  const format = useFileFormat(review)
  return (
    <div className="grid justify-items-start gap-1">
      <p className="wrap-anywhere font-medium">
        <bdi>{review.file.name}</bdi>
      </p>
      <p className="text-2" role="status">
        {review.error ? bytes(review.file.size) : format}
      </p>
      {review.plan?.packed && <p className="text-2">{t('format.packed')}</p>}
      <Button size="sm" className="mt-1" onClick={onOther}>
        {t('file.other')}
      </Button>
    </div>
  )
}

/** How to read the file; hidden if it already has chat lines. */
function Reading({ review }: { review: Review }) {
  const { plan, setPlan, preview } = review
  const t = useTranslations('imports')
  const [asked, setAsked] = useState(false)
  if (!plan || !preview) return null
  if (keepsBytes(plan) && !asked && preview.rows.some(({ after }) => after !== null)) {
    return (
      <Button size="sm" variant="ghost" className="justify-self-start" onClick={() => setAsked(true)}>
        {t('change')}
      </Button>
    )
  }
  return (
    <>
      <EncodingField review={review} />
      <MappingFields
        plan={plan}
        columns={preview.columns}
        onChange={(next) => {
          setAsked(true)
          setPlan(next)
        }}
      />
    </>
  )
}

export interface ReviewStepProps {
  review: Review
  /** Whether the import creates a dataset, which needs a name. */
  named: boolean
  /** Whether these will be the only rows of the dataset, so that a share of them can be held out. */
  alone: boolean
  onOther: () => void
}

type Shown = 'how' | 'rows'

/** If both views do not fit side by side, selects the one to show. */
function Views({ shown, onShow }: { shown: Shown; onShow: (shown: Shown) => void }) {
  const t = useTranslations('imports.views')
  return (
    <Segmented
      label={t('label')}
      value={shown}
      onValueChange={onShow}
      className="w-full *:flex-1 *:justify-center sm:hidden"
      options={[
        { value: 'how', label: t('how') },
        { value: 'rows', label: t('rows') },
      ]}
    />
  )
}

/** Review before the import: the file's format, how it is read, and its first rows as they will be stored. */
export function ReviewStep({ review, named, alone, onOther }: ReviewStepProps) {
  const t = useTranslations('imports')
  const [shown, setShown] = useState<Shown>('how')
  const { name, setName, split, setSplit, error } = review
  if (error) {
    return (
      <div className="grid gap-4">
        <FileFacts review={review} onOther={onOther} />
        <FirstRows review={review} />
      </div>
    )
  }
  return (
    <div className="grid gap-4 sm:grid-cols-[17rem_minmax(0,1fr)] sm:gap-6">
      <Views shown={shown} onShow={setShown} />
      <div className={cn('content-start gap-4 sm:grid', shown === 'how' ? 'grid' : 'hidden')}>
        <FileFacts review={review} onOther={onOther} />
        <LeftFields review={review} />
        <Reading review={review} />
        {named && (
          <Field label={t('name')}>
            <Input value={name} onValueChange={setName} />
          </Field>
        )}
        {review.plan?.lists ? (
          <ListFields plan={review.plan} onChange={review.setPlan} />
        ) : (
          <SplitChoice value={split} options={alone ? OWN_SPLITS : SPLITS} onValueChange={setSplit} />
        )}
      </div>
      <div className={cn('min-w-0 sm:block sm:min-h-90', shown === 'rows' ? 'block' : 'hidden')}>
        <FirstRows review={review} />
      </div>
    </div>
  )
}
