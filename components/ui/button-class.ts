import { cn } from './cn.ts'

export type ButtonVariant = 'default' | 'primary' | 'ghost' | 'danger'
export type ButtonSize = 'md' | 'sm'

export interface ButtonLook {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Square, for an icon without a label. */
  square?: boolean
}

const looks: Record<ButtonVariant, string> = {
  default: 'border-strong bg-surface text-1 hover:bg-hover',
  primary: 'on-accent border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  ghost: 'border-transparent bg-transparent text-2 hover:bg-hover data-popup-open:bg-hover',
  danger: 'border-strong bg-surface text-bad hover:bg-bad-soft',
}

const off =
  'aria-disabled:border-line aria-disabled:bg-transparent aria-disabled:text-disabled disabled:border-line disabled:bg-transparent disabled:text-disabled'

const sizes = {
  md: { square: 'size-9 sm:size-8', text: 'h-9 px-3 sm:h-8' },
  sm: { square: 'size-8 sm:size-7', text: 'h-8 px-2.5 sm:h-7' },
}

/** Shared style of buttons and of links that look like buttons. */
export const buttonClass = ({ variant = 'default', size = 'md', square }: ButtonLook = {}) =>
  cn(
    'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium text-body transition-colors duration-100',
    looks[variant],
    sizes[size][square ? 'square' : 'text'],
    off,
  )
