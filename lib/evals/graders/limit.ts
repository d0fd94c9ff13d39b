/** ms that a grader may take for one answer. */
export const GRADING_LIMIT = 2_000
