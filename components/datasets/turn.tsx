'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { Tooltip } from '#components/ui/tooltip.tsx'
import { setKey, type Turn } from '#lib/examples/edit.ts'
import { Role } from '#lib/examples/schema.ts'

export interface TurnEditorProps {
  turn: Turn
  /** From 1. */
  number: number
  count: number
  tokens: number | null
  onChange: (raw: string) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

const placeholders = ['system', 'user', 'assistant'] as const

/** Anything but plain text: parts, tool calls. */
const isRich = ({ content, tool_calls, function_call }: Turn['value']): boolean =>
  (content !== undefined && content !== null && typeof content !== 'string') ||
  tool_calls !== undefined ||
  function_call !== undefined

/** The weight as it counts; anything else is shown as it stands. */
const told = (weight: unknown): string => (weight === undefined ? '1' : JSON.stringify(weight))

/** 0 and 1 take turns; a value that is neither goes away, which means 1. */
const nextWeight = (weight: unknown): 0 | undefined => (weight === undefined || weight === 1 ? 0 : undefined)

/** One turn of a conversation: who speaks, what is said, and whether it is learnt. */
export function TurnEditor({ turn, number, count, tokens, onChange, onMove, onRemove }: TurnEditorProps) {
  const t = useTranslations('datasets.turn')
  const noteId = useId()
  const { role, content, weight } = turn.value
  const known = Role.safeParse(role).data ?? null
  const silent = weight === 0
  const rich = isRich(turn.value)
  const assistant = role === 'assistant'
  const hint = placeholders.find((name) => name === role) ?? 'other'
  const rename = (next: Role) =>
    onChange(setKey(next === 'assistant' ? turn.raw : setKey(turn.raw, 'weight', undefined), 'role', next))
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 border-b py-3 sm:grid-cols-[7.5rem_minmax(0,1fr)_7rem]">
      <div className="flex items-center gap-2 sm:grid sm:content-start sm:gap-0.5">
        <span className="w-30 shrink-0">
          <Select
            size="sm"
            aria-label={t('role', { number })}
            value={known}
            placeholder={typeof role === 'string' ? role : '–'}
            options={Role.options.map((value) => ({ value, label: t(`roles.${value}`) }))}
            onValueChange={rename}
            className="border-transparent! bg-transparent! ps-1.5! font-medium hover:border-field!"
          />
        </span>
        <span
          className={cn(
            'whitespace-nowrap ps-1.5 text-3 text-meta tabular-nums',
            tokens === null && 'invisible',
          )}
        >
          {assistant
            ? t(silent ? 'notTrained' : 'trained', { count: tokens ?? 0 })
            : t('tokens', { count: tokens ?? 0 })}
        </span>
      </div>
      <div className="col-span-2 row-start-2 min-w-0 sm:col-span-1 sm:row-start-auto">
        {rich ? (
          <p id={noteId} className="px-2.5 py-1.5 text-3">
            {t('inJson')}
          </p>
        ) : (
          <Textarea
            bare
            data-turn={number}
            aria-label={t('content', { number, role: known ? t(`roles.${known}`) : '–' })}
            value={typeof content === 'string' ? content : ''}
            placeholder={t(`placeholder.${hint}`)}
            onValueChange={(value) => onChange(setKey(turn.raw, 'content', value))}
            className={cn('people-text', silent && 'bg-sunken! text-3')}
          />
        )}
      </div>
      <div className="col-start-2 row-start-1 flex items-start justify-end gap-1 sm:col-start-3">
        {assistant && (
          <Tooltip content={t('weightHint')}>
            <Button
              size="sm"
              variant="ghost"
              aria-label={t('weightLabel', { weight: told(weight), number })}
              aria-pressed={silent}
              onClick={() => onChange(setKey(turn.raw, 'weight', nextWeight(weight)))}
            >
              {t('weight', { weight: told(weight) })}
            </Button>
          </Tooltip>
        )}
        <Menu
          label={t('actions', { number })}
          trigger={
            <IconButton size="sm" label={t('actions', { number })}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={[
            { label: t('moveUp'), onSelect: () => onMove(-1), disabled: number === 1 },
            { label: t('moveDown'), onSelect: () => onMove(1), disabled: number === count },
            null,
            { label: t('remove'), onSelect: onRemove, tone: 'danger' },
          ]}
        />
      </div>
    </li>
  )
}
