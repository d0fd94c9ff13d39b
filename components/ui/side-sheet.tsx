'use client'
import { type DialogProps, ModalFrame } from './dialog.tsx'

/** A panel from the end side, for what is looked at while the page stays in mind. */
export const SideSheet = (props: Omit<DialogProps, 'width'>) => <ModalFrame {...props} place="sheet" />
