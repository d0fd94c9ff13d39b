'use client'
import { elementScroll, observeElementOffset, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useRef } from 'react'

/** Height of a row, in px. */
const ROW = 48
/** Height up to which every browser lays out a box exactly, in px. */
const TALLEST = 8_000_000

/**
 * A virtual list of any length. Above the height that a browser can lay out, scrolling is scaled: one pixel of the
 * scrollbar stands for more than one pixel of the list.
 * @param count total number of rows, all of the same height
 */
export function useLongList(count: number, box: RefObject<HTMLElement | null>) {
  const height = Math.min(TALLEST, count * ROW)
  const seen = box.current?.clientHeight ?? 0
  const scale = useRef(1)
  scale.current = height < count * ROW ? (count * ROW - seen) / Math.max(1, height - seen) : 1
  const list = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: 300, height: 700 },
    observeElementOffset: (instance, tell) =>
      observeElementOffset(instance, (offset, scrolling) => tell(offset * scale.current, scrolling)),
    scrollToFn: (offset, options, instance) => elementScroll(offset / scale.current, options, instance),
  })
  const offset = list.scrollOffset ?? 0
  return {
    height,
    items: list.getVirtualItems().map(({ index, start }) => ({
      index,
      /** px from the top of the scrolling content. */
      top: start - offset + offset / scale.current,
    })),
    show: (index: number) => list.scrollToIndex(index, { align: 'auto' }),
  }
}
