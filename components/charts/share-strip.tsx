'use client'
import type { ReactNode } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import { accuracyFoot, accuracyHead, type Frame } from './geometry.ts'

/** px kept free above 1 and below 0. */
const air = 8

/** Where a share of 0 to 1 stands in a plot of this height, in px from its top. */
export const shareScale =
  (height: number) =>
  (share: number): number =>
    air + (1 - share) * (height - 2 * air)

interface ShareStripProps {
  title: string
  /** px. */
  height: number
  frame: Frame
  /** SVG. */
  children: ReactNode
}

/** A low plot of shares, 0 to 1, on the same x axis as the loss above it. */
export function ShareStrip({ title, height, frame, children }: ShareStripProps) {
  const { digits } = useFormat()
  const heightAt = shareScale(height)
  return (
    <div className="border-t" style={{ paddingBlockEnd: accuracyFoot }}>
      <div className="flex items-end px-4 text-axis text-micro" style={{ blockSize: accuracyHead }}>
        <span data-word>{title}</span>
      </div>
      <svg width={frame.width} height={height} aria-hidden="true" className="block">
        {[0, 1].map((at) => (
          <g key={at}>
            <line x1={frame.left} x2={frame.right} y1={heightAt(at)} y2={heightAt(at)} stroke="var(--grid)" />
            <text x={frame.left - 8} y={heightAt(at) + 4} textAnchor="end" className="fill-axis text-micro">
              {digits(at === 0 ? '0' : '1.0')}
            </text>
          </g>
        ))}
        {children}
      </svg>
    </div>
  )
}
