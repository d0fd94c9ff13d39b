import type { useTranslations } from 'use-intl'
import { isHere, rooms } from '../rooms.ts'

/** The outline of a page before it is there. */
export type Shape = 'home' | 'list' | 'editor' | 'form' | 'board' | 'panels'

const shapes: readonly (readonly [path: RegExp, shape: Shape])[] = [
  [/^\/$/, 'home'],
  [/^\/(datasets|jobs|evals|models)$/, 'list'],
  [/^\/datasets\/[^/]+$/, 'editor'],
  [/^\/(jobs\/new|evals\/new|evals\/record)$/, 'form'],
  [/^\/playground$/, 'board'],
]

export const shapeOf = (path: string): Shape =>
  shapes.find(([address]) => address.test(path))?.[1] ?? 'panels'

/** The section that a path belongs to; undefined for a page outside of the menu. */
const sectionOf = (path: string) => rooms.find(({ href }) => isHere(href, path))

/** The breadcrumbs that are known before the page is. */
export function crumbsOf(path: string, t: ReturnType<typeof useTranslations<'shell'>>) {
  const section = sectionOf(path)
  if (!section) return [{ label: t('opening') }]
  const first = { label: t(section.name), href: section.href }
  return path === section.href ? [first] : [first, { label: t('opening') }]
}
