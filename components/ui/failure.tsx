'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { AppError } from '#lib/core/errors.ts'
import { ErrorState } from './error-state.tsx'
import { useErrorWords } from './use-error-words.ts'

export interface FailureProps {
  /** Error thrown by a query or mutation. */
  error: unknown
  /** The action that failed, if the error message needs a heading. */
  title?: ReactNode
  onRetry?: () => void
  retrying?: boolean
  actions?: ReactNode
  className?: string
}

const factsOf = (error: AppError) => [
  error.code,
  error.param,
  ...Object.entries(error.facts ?? {}).map(([name, value]) => `${name} ${value}`),
]

/** Shows a thrown error as an ErrorState: an AppError has its own message, any other error is a bug of Limerick. */
export function Failure({ error, title, ...rest }: FailureProps) {
  const t = useTranslations('errors')
  const say = useErrorWords()
  const known = error instanceof AppError && error.code !== 'internal'
  const words = known ? say(error) : t('unknown')
  return (
    <ErrorState title={title ?? words} facts={error instanceof AppError ? factsOf(error) : []} {...rest}>
      {title ? words : !known && t('unknownMeaning')}
    </ErrorState>
  )
}
