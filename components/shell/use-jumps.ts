'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { isForThePage, nameOf } from '#components/ui/use-keys.ts'
import { rooms } from './rooms.ts'

/** ms within which the second key follows the first. */
const PATIENCE = 1_000

/** `g` and a letter lead to a section. The second key is taken before the page sees it: alone it may mean something else there. */
export function useJumps(): void {
  const router = useRouter()
  const armedAt = useRef(-PATIENCE)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isForThePage(event)) return
      const name = nameOf(event)
      const armed = event.timeStamp - armedAt.current < PATIENCE
      const room = armed ? rooms.find(({ jump }) => jump === name) : undefined
      armedAt.current = name === 'g' && !armed ? event.timeStamp : -PATIENCE
      if (!room) return
      event.preventDefault()
      event.stopPropagation()
      router.push(room.href)
    }
    document.addEventListener('keydown', press, { capture: true })
    return () => document.removeEventListener('keydown', press, { capture: true })
  }, [router])
}
