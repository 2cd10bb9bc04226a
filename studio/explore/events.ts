/** The event that tells how far a search is: steps done, and all. */
export const SEARCHING = "explore.searching";

/** The event that tells how far a film is: frames done, and all. */
export const FILMING = "explore.filming";
