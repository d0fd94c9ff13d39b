'use client'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Select } from '#components/ui/select.tsx'
import { Tooltip } from '#components/ui/tooltip.tsx'
import type { MessageTokens } from '#lib/datasets/schema.ts'
import { setKey } from '#lib/training-data/edit.ts'
import { Role } from '#lib/training-data/schema.ts'
import { TurnBody, type TurnBodyProps } from './turn-body.tsx'

export interface TurnEditorProps extends TurnBodyProps {
  tokens: MessageTokens | null
  /** Whether the weight of an answer decides if it is trained; not so in a pair. */
  weighable: boolean
  /** Called for ⌥ and an arrow key in one of its fields. */
  onMove?: (by: -1 | 1) => void
  menu?: ReactNode
}

/** The effective weight; an invalid value is shown as stored. */
const told = (weight: unknown): string => (weight === undefined ? '1' : JSON.stringify(weight))

/** Toggles between 0 and 1; any other value is removed, which means 1. */
const nextWeight = (weight: unknown): 0 | undefined => (weight === undefined || weight === 1 ? 0 : undefined)

const steps: Readonly<Record<string, -1 | 1>> = { ArrowUp: -1, ArrowDown: 1 }

/** The turn with another role, without the keys that only the previous role allows. */
function withRole({ turn: { raw, value }, calls }: TurnBodyProps, role: Role): string {
  const unweighed = role === 'assistant' ? raw : setKey(raw, 'weight', undefined)
  const answers = role === 'tool' ? (value.tool_call_id ?? calls[0]?.id) : undefined
  return setKey(setKey(unweighed, 'tool_call_id', answers), 'role', role)
}

function Weight({ turn: { raw, value }, number, onChange }: TurnBodyProps) {
  const t = useTranslations('conversation')
  const weight = told(value.weight)
  return (
    <Tooltip content={t('weightHint')}>
      <Button
        size="sm"
        variant="ghost"
        aria-label={t('weightLabel', { weight, number })}
        aria-pressed={value.weight === 0}
        onClick={() => onChange(setKey(raw, 'weight', nextWeight(value.weight)))}
      >
        {t('weight', { weight })}
      </Button>
    </Tooltip>
  )
}

/** A turn of a conversation: role, content, and whether it is trained. */
export function TurnEditor({ tokens, weighable, onMove, menu, ...body }: TurnEditorProps) {
  const t = useTranslations('conversation')
  const { turn, number, onChange } = body
  const { role, weight } = turn.value
  const weighed = role === 'assistant' && weighable
  const kind = !weighed ? 'tokens' : weight === 0 ? 'notTrained' : 'trained'
  const onKeyDown = (event: KeyboardEvent) => {
    const by = steps[event.key]
    if (!by || !event.altKey || !(event.target instanceof HTMLTextAreaElement)) return
    event.preventDefault()
    onMove?.(by)
  }
  return (
    <li
      onKeyDown={onKeyDown}
      className={cn(
        'grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 border-b py-3',
        menu ? '@3xl:grid-cols-[7.5rem_minmax(0,1fr)_7rem]' : '@3xl:grid-cols-[7.5rem_minmax(0,1fr)_auto]',
      )}
    >
      <div className="flex items-center gap-2 @3xl:grid @3xl:content-start @3xl:gap-0.5">
        <span className="w-30 shrink-0">
          <Select
            size="sm"
            aria-label={t('role', { number })}
            value={Role.safeParse(role).data ?? null}
            placeholder={typeof role === 'string' ? role : '–'}
            options={Role.options.map((value) => ({ value, label: t(`roles.${value}`) }))}
            onValueChange={(next) => onChange(withRole(body, next))}
            className="border-transparent! bg-transparent! ps-1.5! font-medium hover:border-field!"
          />
        </span>
        <span
          className={cn(
            'whitespace-nowrap ps-1.5 text-3 text-meta tabular-nums',
            tokens === null && 'invisible',
          )}
        >
          {t(kind, { count: (kind === 'trained' ? tokens?.trained : tokens?.total) ?? 0 })}
        </span>
      </div>
      <div className="col-span-2 row-start-2 min-w-0 @3xl:col-span-1 @3xl:row-start-auto">
        <TurnBody {...body} />
      </div>
      <div className="col-start-2 row-start-1 flex items-start justify-end gap-1 @3xl:col-start-3">
        {weighed && <Weight {...body} />}
        {menu}
      </div>
    </li>
  )
}
