'use client'
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

/** A text edited in place, with its hidden characters listed below. */
export const TextField = ({ className, ...rest }: TextFieldProps) => (
  <LongText text={rest.value} label={rest['aria-label']} data-turn={rest['data-turn']}>
    <Textarea bare {...rest} className={cn('people-text', className)} />
    <HiddenCharacters text={rest.value} field={rest['aria-label']} onText={rest.onValueChange} />
  </LongText>
)
