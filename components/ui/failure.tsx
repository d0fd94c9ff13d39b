'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { AppError } from '#lib/core/errors.ts'
import { ErrorState } from './error-state.tsx'
import { useErrorWords } from './use-error-words.ts'

export interface FailureProps {
  /** Whatever a query or mutation threw. */
  error: unknown
  /** What was being done, when the error's own words need a heading. */
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

/** A thrown error in the shape of ErrorState: an AppError speaks for itself, anything else is ours. */
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
