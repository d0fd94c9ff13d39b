import { Chip } from '#components/ui/chip.tsx'

/** Tags of a job. */
export const JobTags = ({ tags }: { tags: readonly string[] }) => (
  <span className="flex min-w-0 flex-wrap gap-1.5">
    {tags.map((tag) => (
      <Chip key={tag}>
        <bdi>{tag}</bdi>
      </Chip>
    ))}
  </span>
)
