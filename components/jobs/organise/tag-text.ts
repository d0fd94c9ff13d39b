/** Tags as a person writes them: separated by commas, Latin or Arabic. */
export const tagsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,،]/)
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]

export const tagText = (tags: readonly string[]): string => tags.join(', ')

/** What has to be added and removed so that the tags before become those after. */
export const tagChange = (before: readonly string[], after: readonly string[]) => ({
  added: after.filter((tag) => !before.includes(tag)),
  removed: before.filter((tag) => !after.includes(tag)),
})
