'use client'
import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface TabsProps<Value extends string> {
  label: string
  value: Value
  onValueChange: (value: Value) => void
  tabs: readonly { value: Value; label: ReactNode; count?: number }[]
  /** One TabPanel per tab. */
  children: ReactNode
  className?: string
}

/** Other content at the same place. Another view of the same data is Segmented. */
export const Tabs = <Value extends string>(props: TabsProps<Value>) => (
  <Base.Root
    value={props.value}
    onValueChange={(next) => props.onValueChange(next as Value)}
    className={cn('min-w-0', props.className)}
  >
    <Base.List aria-label={props.label} className="flex gap-5 overflow-x-auto border-b">
      {props.tabs.map((tab) => (
        <Base.Tab
          key={tab.value}
          value={tab.value}
          className="-outline-offset-2! -mb-px inline-flex items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 py-2 font-medium text-3 hover:text-1 data-active:border-b-current data-active:text-1"
        >
          {tab.label}
          {tab.count !== undefined && <span className="text-3 text-micro tabular-nums">{tab.count}</span>}
        </Base.Tab>
      ))}
    </Base.List>
    {props.children}
  </Base.Root>
)

export const TabPanel = ({
  value,
  children,
  className,
}: {
  value: string
  children: ReactNode
  className?: string
}) => (
  <Base.Panel value={value} className={cn('rounded-md', className)}>
    {children}
  </Base.Panel>
)
