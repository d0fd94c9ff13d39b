/** The pages of help, by the names of their files in `docs`, from the first steps to the last resort. */
export const HELP_PAGES = [
  'lesson',
  'rules',
  'models',
  'trainers',
  'cluster',
  'providers',
  'rescue',
  'v1',
  'backup',
  'troubleshooting',
  'engine',
  'architecture',
  'decisions',
] as const
export type HelpName = (typeof HELP_PAGES)[number]

export const isHelpName = (name: string): name is HelpName => (HELP_PAGES as readonly string[]).includes(name)

export const helpAddress = (name: HelpName): string => `/help/${name}`

/**
 * Where a link of a page of help leads: to another page of help, to a place on the same page, to another site; null for a file
 * of the source.
 */
export function helpLink(href: string): string | null {
  if (href.startsWith('#') || href.startsWith('https://')) return href
  const [file = '', anchor] = href.split('#')
  const name = file.replace(/^(\.\.\/)?(docs\/)?/, '').replace(/\.md$/, '')
  if (!file.endsWith('.md') || !isHelpName(name)) return null
  return anchor === undefined ? helpAddress(name) : `${helpAddress(name)}#${anchor}`
}
