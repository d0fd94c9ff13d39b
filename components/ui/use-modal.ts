import { type MouseEvent, useState } from 'react'

interface Modal {
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

/**
 * State of a dialog that is loaded when it opens for the first time, and then stays so that it can fade out.
 * @returns props of the dialog, null until it is needed, and of a button that opens it
 */
export function useModal({ open, onOpenChange }: Modal) {
  const [own, setOwn] = useState(false)
  const isOpen = open ?? own
  const [needed, setNeeded] = useState(isOpen)
  if (isOpen && !needed) setNeeded(true)
  const change = (next: boolean) => {
    setOwn(next)
    onOpenChange?.(next)
  }
  return {
    dialog: needed ? { open: isOpen, onOpenChange: change } : null,
    trigger: {
      'aria-haspopup': 'dialog',
      'aria-expanded': isOpen,
      onClick: ({ currentTarget }: MouseEvent<HTMLElement>) => {
        // Not every browser focuses a button that is pressed, and the focus comes back here.
        currentTarget.focus()
        change(true)
      },
    },
  } as const
}
