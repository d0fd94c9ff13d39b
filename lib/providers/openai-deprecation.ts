/** The first day on which OpenAI lets nobody begin a run, as it announced. */
export const OPENAI_CLOSES = '2027-01-06'
