/** How terminals take pictures: kitty's graphics protocol, iTerm2's inline images, or DEC's sixels. */
export type PictureProtocol = "kitty" | "iterm" | "sixel";

/** The protocols, in the order in which help lists them. */
export const PICTURE_PROTOCOLS = ["kitty", "iterm", "sixel"] as const satisfies readonly PictureProtocol[];
