/** Largest number that counts something in a run: 32 bits count steps on the GPU. */
export const MOST_COUNT: number = 2 ** 31 - 1;
