/** The first day on which OpenAI accepts no new fine-tuning job, as it announced. */
export const OPENAI_CLOSES = '2027-01-06'
