import type { Config } from 'tailwindcss'

const token = (name: string) => `var(--${name})`
const tokens = (...names: string[]) => Object.fromEntries(names.map((name) => [name, token(name)]))

/** [size, line height, weight, tracking]; line heights are tokens because Arabic needs taller ones. */
const type = (size: string, leading: string, fontWeight?: string, letterSpacing?: string) => [
  size,
  { lineHeight: token(leading), ...(fontWeight && { fontWeight }), ...(letterSpacing && { letterSpacing }) },
]

/** Tokens are the only colours there are: `bg-red-500` and `text-[#…]` have no place here. */
export default {
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      ...tokens('canvas', 'surface', 'sunken', 'hover', 'selected', 'overlay', 'scrim'),
      ...tokens('accent', 'accent-hover', 'accent-soft', 'accent-line', 'on-accent', 'base-soft', 'focus'),
      ...tokens('ok', 'ok-soft', 'warn', 'warn-dot', 'warn-soft', 'bad', 'bad-soft', 'busy', 'busy-soft'),
      ...tokens('series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7'),
      ...tokens('grid', 'band', 'axis', 'json-key', 'json-string', 'json-punct'),
      // `text-base` and `border` are taken by Tailwind; these two say what they are.
      'base-model': token('base'),
      line: token('border'),
      'line-strong': token('border-strong'),
    },
    extend: {
      textColor: {
        1: token('text'),
        2: token('text-2'),
        3: token('text-3'),
        disabled: token('text-disabled'),
      },
      borderColor: { DEFAULT: token('border'), strong: token('border-strong'), field: token('border-field') },
      fontFamily: { sans: token('font'), mono: token('mono') },
      fontSize: {
        micro: type('11px', 'leading-micro', '500'),
        meta: type('12px', 'leading-meta'),
        body: type('13px', 'leading-body'),
        read: type('14px', 'leading-read'),
        answer: type('15px', 'leading-answer'),
        section: type('15px', 'leading-section', '600', token('tracking-section')),
        sentence: type('17px', 'leading-sentence'),
        page: type('20px', 'leading-page', '600', token('tracking-page')),
      },
      borderRadius: { xs: '3px' },
      boxShadow: { popover: token('shadow-popover'), bar: token('shadow-bar') },
      // Between 641 and 1100 px the navigation is icons.
      screens: { wide: '68.8125rem' },
      transitionTimingFunction: { DEFAULT: token('ease'), calm: token('ease') },
    },
  },
} satisfies Config
