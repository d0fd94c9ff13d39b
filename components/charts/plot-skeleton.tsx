import { accuracyFoot, accuracyHead, accuracyPlot, captionHeight, frameOf, lossHeight } from './geometry.ts'

const { top, bottom, left, margin } = frameOf(1000)
const lines = [0, 0.25, 0.5, 0.75, 1].map((share) => top + share * (bottom - top))

/** Frame, axes and grid of the plot at its final size, before data arrives. */
export const PlotSkeleton = () => (
  <div aria-hidden="true">
    <div className="relative" style={{ blockSize: lossHeight + captionHeight }}>
      {lines.map((y) => (
        <div
          key={y}
          className="absolute border-(--grid) border-t"
          style={{ insetBlockStart: y, insetInlineStart: left, insetInlineEnd: margin.right }}
        />
      ))}
    </div>
    <div className="border-t" style={{ blockSize: accuracyHead + accuracyPlot + accuracyFoot + 1 }} />
  </div>
)
