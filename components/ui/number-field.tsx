'use client'
import { NumberField as Base } from '@base-ui/react/number-field'
import Minus from 'lucide-react/icons/minus'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'

export interface NumberFieldProps {
  value: number | null
  onValueChange: (value: number | null) => void
  min?: number
  max?: number
  step?: number
  placeholder?: string
  /** Decimals to keep; Intl's default of three if absent. */
  fractionDigits?: number
  /** Shows − and + beside the number. */
  stepper?: boolean
  size?: 'md' | 'sm'
  disabled?: boolean
  id?: string
  name?: string
  'aria-label'?: string
  className?: string
}

const step =
  'grid h-full w-7 place-items-center text-3 hover:bg-hover hover:text-1 data-disabled:text-disabled'

/** A number, or null if empty ("auto"). Arrow keys step by one step, with Shift by ten, with Alt by a tenth. */
export function NumberField(props: NumberFieldProps) {
  const { placeholder, fractionDigits, stepper, size = 'md', className, 'aria-label': label, ...rest } = props
  const t = useTranslations('ui')
  return (
    <Base.Root
      {...rest}
      locale="en"
      format={{
        useGrouping: false,
        ...(fractionDigits !== undefined && { maximumFractionDigits: fractionDigits }),
      }}
    >
      <Base.Group
        className={cn(
          'field-box flex items-center overflow-hidden',
          size === 'md' ? 'h-9 sm:h-8' : 'h-8 sm:h-7',
          className,
        )}
      >
        <Base.Input
          placeholder={placeholder}
          aria-label={label}
          className="h-full w-full min-w-0 bg-transparent px-2.5 tabular-nums outline-none disabled:text-disabled"
        />
        {stepper && (
          <>
            <Base.Decrement className={step} aria-label={t('decrease')}>
              <Minus size={14} aria-hidden />
            </Base.Decrement>
            <Base.Increment className={step} aria-label={t('increase')}>
              <Plus size={14} aria-hidden />
            </Base.Increment>
          </>
        )}
      </Base.Group>
    </Base.Root>
  )
}
