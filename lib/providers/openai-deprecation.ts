/** The first day on which OpenAI lets nobody begin a run, as it announced. */
export const OPENAI_CLOSES = '2027-01-06'

/** The explanation that OpenAI's own words leave out. */
export const OPENAI_DEPRECATION = `OpenAI is closing fine-tuning: accounts that had not used it lost job creation on 2026-05-07, inactive ones on 2026-07-02, everyone on ${OPENAI_CLOSES}. The built-in engine trains the same data on this computer.`
