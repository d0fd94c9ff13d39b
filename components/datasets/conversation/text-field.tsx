'use client'
import { Clamped } from '#components/ui/clamped.tsx'
import { cn } from '#components/ui/cn.ts'
import { LongText } from '#components/ui/long-text.tsx'
import { Textarea, type TextareaProps } from '#components/ui/textarea.tsx'
import { HiddenCharacters } from './hidden-characters.tsx'

export interface TextFieldProps extends Omit<TextareaProps, 'value' | 'onValueChange'> {
  'aria-label': string
  /** Set on the first field of a turn: the number of the turn in the line, from 1. */
  'data-turn'?: number
  value: string
  onValueChange: (value: string) => void
}

/** A text edited in place, with its hidden characters listed below. A tall text is clamped until all of it is asked for. */
export const TextField = ({ className, ...rest }: TextFieldProps) => (
  <LongText text={rest.value} label={rest['aria-label']} data-turn={rest['data-turn']}>
    <Clamped text={rest.value} label={rest['aria-label']}>
      {(clamp) => <Textarea bare {...rest} className={cn('people-text', clamp, className)} />}
    </Clamped>
    <HiddenCharacters text={rest.value} field={rest['aria-label']} onText={rest.onValueChange} />
  </LongText>
)
