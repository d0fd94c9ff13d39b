'use client'
import { PopoverRoot } from '@base-ui/parts/popover/root/PopoverRoot.mjs'
import { PopoverTrigger } from '@base-ui/parts/popover/trigger/PopoverTrigger.mjs'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import { useTranslations } from 'use-intl'
import { PopoverPopup } from './popover.tsx'
import { useFormat } from './use-format.ts'
import { useIntent } from './use-intent.ts'

/** A word of the field that is explained where it first stands. */
export type TermName = Parameters<ReturnType<typeof useTranslations<'terms.name'>>>[0]

/** A question mark behind a word: hovering, a press of Enter or a tap explains the terms. */
export function Terms({ of }: { of: readonly TermName[] }) {
  const t = useTranslations('terms')
  const { list } = useFormat()
  const intent = useIntent(PopoverPopup)
  const label = t('about', { names: list(of.map((name) => t(`name.${name}`))) })
  return (
    <PopoverRoot {...intent.root}>
      <PopoverTrigger
        {...intent.trigger}
        openOnHover
        delay={300}
        aria-label={label}
        // The target is larger than the mark and takes no more room.
        className="-m-1.25 inline-grid size-6 shrink-0 place-items-center rounded-full align-middle text-3 hover:text-1 data-popup-open:text-1"
      >
        <CircleHelp size={14} aria-hidden />
      </PopoverTrigger>
      {intent.isLoaded && (
        <PopoverPopup
          label={label}
          align="start"
          className="max-h-(--available-height) w-80 max-w-[calc(100vw-16px)] overflow-y-auto"
        >
          <dl className="grid gap-3">
            {of.map((name) => (
              <div key={name} className="grid gap-0.5">
                <dt className="font-semibold">{t(`name.${name}`)}</dt>
                <dd className="text-2">{t(`meaning.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </PopoverPopup>
      )}
    </PopoverRoot>
  )
}
